import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { dataError } from "./data-error.js";
import { checkKindOfText, encodingFault, markLength } from "./files/encoding.js";
import { checkUnchanged, withRegularFile } from "./files/regular-file.js";
import { checkCount, checkKnown } from "./options.js";

/** How `readText` reads. */
export interface ReadTextOptions {
  /** Files, and the contents of compressed ones, may have so many bytes; default 2^28 (268 MB). */
  maximumBytes?: number;
  /** Called with one sentence each time the text is not given exactly as it stands in the file. */
  onNote?: (note: string) => void;
}

const MAXIMUM_BYTES = 2 ** 28;
const LINE_FEED = 0x0a;

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
  checkKnown("readText", options, ["maximumBytes", "onNote"]);
  const maximumBytes = checkCount("readText", "maximumBytes", options.maximumBytes ?? MAXIMUM_BYTES);
  const note = options.onNote ?? (() => {});

  const stored = await readRegularFile(path, maximumBytes);
  const bytes = path.toLowerCase().endsWith(".gz") ? await decompress(path, stored, maximumBytes) : stored;

  const mark = markLength(bytes);
  if (mark > 0) note(`${path}: dropped the byte-order mark at the beginning.`);
  if (bytes.length === mark) throw dataError(path, "is empty; expected a text.");
  checkEncoding(path, bytes);

  const text = new TextDecoder().decode(bytes);
  if (!text.includes("\r\n")) return text;
  const normalised = text.replaceAll("\r\n", "\n");
  note(`${path}: turned ${text.length - normalised.length} line ends \\r\\n into \\n.`);
  return normalised;
}

function readRegularFile(path: string, maximumBytes: number): Promise<Uint8Array> {
  return withRegularFile(path, "a text file", async (file, version) => {
    if (version.size > maximumBytes) {
      throw dataError(path, `has ${version.size} bytes, expected at most ${maximumBytes}; take a part of it.`);
    }
    const bytes = await file.readFile();
    await checkUnchanged(path, file, { ...version, size: bytes.length });
    return bytes;
  });
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
  checkKindOfText(path, bytes);
  const fault = encodingFault(bytes);
  if (fault) throw dataError(path, `${position(bytes, fault.offset)} ${fault.what}`);
}

/** "the byte at offset 6 (line 2)": offsets count from 0, lines from 1. */
function position(bytes: Uint8Array, offset: number): string {
  let line = 1;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0 && at < offset; at = bytes.indexOf(LINE_FEED, at + 1)) line += 1;
  return `the byte at offset ${offset} (line ${line})`;
}
