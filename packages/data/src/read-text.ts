import { isUtf8 } from "node:buffer";
import type { Stats } from "node:fs";
import { open, stat } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { UnrolledError } from "unrolled";
import { firstInvalidUtf8 } from "./utf8.js";

/** How `readText` reads. */
export interface ReadTextOptions {
  /** Files, and the contents of compressed ones, may have so many bytes; default 2^28 (268 MB). */
  maximumBytes?: number;
  /** Called with one sentence each time the text is not given exactly as it stands in the file. */
  onNote?: (note: string) => void;
}

const MAXIMUM_BYTES = 2 ** 28;
const NUL = 0x00;
const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Reads a text file, strictly: either every character of it or an error that says where it stops being a text.
 *
 * The file must be a regular one, in UTF-8, not empty, without NUL bytes, and must stay as it is while it is read. A name that
 * ends in `.gz` is decompressed. Two things are taken away, and `onNote` is told: a byte-order mark at the beginning, and the
 * carriage return of each line end `\r\n`.
 *
 * @throws UnrolledError `UNROLLED_DATA`, with the path, the byte's offset and the line where there is one
 */
export async function readText(path: string, options: ReadTextOptions = {}): Promise<string> {
  const maximumBytes = options.maximumBytes ?? MAXIMUM_BYTES;
  const note = options.onNote ?? (() => {});

  const stored = await readRegularFile(path, maximumBytes);
  const bytes = path.toLowerCase().endsWith(".gz") ? await decompress(path, stored, maximumBytes) : stored;

  const marked = BYTE_ORDER_MARK.every((byte, k) => bytes[k] === byte);
  if (marked) note(`${path}: dropped the byte-order mark at the beginning.`);
  if (bytes.length === (marked ? BYTE_ORDER_MARK.length : 0)) throw dataError(path, "is empty; expected a text.");
  checkEncoding(path, bytes);

  const text = new TextDecoder().decode(bytes);
  if (!text.includes("\r\n")) return text;
  const normalised = text.replaceAll("\r\n", "\n");
  note(`${path}: turned ${text.length - normalised.length} line ends \\r\\n into \\n.`);
  return normalised;
}

function dataError(path: string, what: string, cause?: unknown): UnrolledError {
  return new UnrolledError("UNROLLED_DATA", `${path}: ${what}`, { cause });
}

async function readRegularFile(path: string, maximumBytes: number): Promise<Uint8Array> {
  try {
    // Before opening, because to open a pipe waits until somebody writes into it.
    checkKind(path, await stat(path));
    const file = await open(path, "r");
    try {
      const before = await file.stat();
      checkKind(path, before);
      if (before.size > maximumBytes) {
        throw dataError(path, `has ${before.size} bytes, expected at most ${maximumBytes}; take a part of it.`);
      }
      const bytes = await file.readFile();
      const after = await file.stat();
      if (bytes.length !== before.size || after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
        throw dataError(path, "changed while it was read; try again when nothing writes into it.");
      }
      return bytes;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof UnrolledError) throw error;
    throw dataError(path, systemFailure(error), error);
  }
}

function checkKind(path: string, stats: Stats): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) throw dataError(path, "is a folder; expected a text file, so name one of the files in it.");
  const kind = stats.isFIFO() ? "a pipe" : stats.isSocket() ? "a socket" : "a device";
  throw dataError(path, `is ${kind}; expected a regular file, so write its contents into one first.`);
}

function systemFailure(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return `no such file; the path counts from ${process.cwd()}.`;
  if (code === "EACCES" || code === "EPERM") return "may not be read; its owner or an administrator has to allow it.";
  return `cannot be read (${error instanceof Error ? error.message : String(error)}).`;
}

async function decompress(path: string, bytes: Uint8Array, maximumBytes: number): Promise<Uint8Array> {
  if (bytes.length === 0) return bytes;
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: maximumBytes });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") {
      throw dataError(path, `holds more than ${maximumBytes} bytes when decompressed; take a part of it.`, error);
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw dataError(path, `is not a whole gzip file (${reason}); expected one because of the name's ending.`, error);
  }
}

function checkEncoding(path: string, bytes: Uint8Array): void {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw dataError(path, "is in UTF-16; expected UTF-8, so convert it (iconv -f UTF-16 -t UTF-8).");
  }
  if (first === 0x1f && second === 0x8b) {
    throw dataError(path, "is compressed by gzip; expected a text, so let its name end in .gz.");
  }
  const nul = bytes.indexOf(NUL);
  if (nul >= 0) {
    throw dataError(path, `${position(bytes, nul)} is NUL; expected a text in UTF-8, and texts have no such byte.`);
  }
  if (isUtf8(bytes)) return;
  const invalid = firstInvalidUtf8(bytes);
  const byte = `0x${(bytes[invalid] ?? 0).toString(16).padStart(2, "0")}`;
  throw dataError(
    path,
    `${position(bytes, invalid)} is ${byte}, which is not UTF-8; convert the file (iconv -f LATIN1 -t UTF-8, if it is Latin-1).`,
  );
}

/** "the byte at offset 6 (line 2)": offsets count from 0, lines from 1. */
function position(bytes: Uint8Array, offset: number): string {
  let line = 1;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0 && at < offset; at = bytes.indexOf(LINE_FEED, at + 1)) line += 1;
  return `the byte at offset ${offset} (line ${line})`;
}
