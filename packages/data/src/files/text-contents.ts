import { dataError } from "../data-error.js";
import type { DataFile } from "./data-file.js";
import { checkKindOfText, encodingFault, markLength, SIGNATURE_BYTES } from "./encoding.js";

const LINE_FEED = 0x0a;

/**
 * The bytes of a text file, checked: UTF-8, no NUL, whole characters in each piece, without the byte-order mark.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` with the byte's offset and line.
 */
export async function* textContents(file: DataFile): AsyncGenerator<Buffer> {
  let offset = 0;
  let pending: Buffer = Buffer.alloc(0);
  for await (const chunk of file.contents()) {
    const bytes = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    const whole = offset === 0 && bytes.length < SIGNATURE_BYTES ? 0 : bytes.length - unfinishedBytes(bytes);
    pending = bytes.subarray(whole);
    if (whole === 0) continue;
    yield await checked(file, bytes.subarray(0, whole), offset);
    offset += whole;
  }
  if (pending.length > 0) yield await checked(file, pending, offset);
}

async function checked(file: DataFile, bytes: Buffer, offset: number): Promise<Buffer> {
  if (offset === 0) checkKindOfText(file.path, bytes);
  const fault = encodingFault(bytes);
  if (fault) throw dataError(file.path, `${await position(file, offset + fault.offset)} ${fault.what}`);
  return offset === 0 ? bytes.subarray(markLength(bytes)) : bytes;
}

/** How many bytes at the end begin a character that the next piece may complete. */
function unfinishedBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return length > back ? back : 0;
  }
  return 0;
}

/** "the byte at offset 6 (line 2)", offsets from 0, lines from 1. Reads the file again, so that lines are counted only where something is wrong. */
async function position(file: DataFile, offset: number): Promise<string> {
  let line = 1;
  let begin = 0;
  for await (const chunk of file.contents()) {
    for (let at = chunk.indexOf(LINE_FEED); at >= 0 && begin + at < offset; at = chunk.indexOf(LINE_FEED, at + 1)) line += 1;
    begin += chunk.length;
    if (begin > offset) break;
  }
  return `the byte at offset ${offset} (line ${line})`;
}
