import { dataError } from "../data-error.js";
import type { DataFile } from "./data-file.js";
import { textContents } from "./text-contents.js";

/** What one record may have, in bytes, where no option says otherwise: 2^24 (16.8 MB). */
export const MAXIMUM_RECORD_BYTES = 2 ** 24;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** A line of a text file. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its end `\n` or `\r\n`. */
  readonly text: string;
}

/**
 * The lines of a text file, one at a time. Each is a string of its own, so that to keep a word of it keeps no more than the line.
 *
 * @param mend what allows more, in the words of an error. Default: the option that most readers have
 * @throws {UnrolledError} `UNROLLED_DATA` for a line longer than `maximumBytes`, before more is held.
 */
export async function* lines(
  file: DataFile,
  maximumBytes = MAXIMUM_RECORD_BYTES,
  mend = " (`maximumRecordBytes` allows more)",
): AsyncGenerator<Line> {
  let number = 1;
  let begun: Buffer[] = [];
  let begunBytes = 0;
  const checkLength = (bytes: number): void => {
    if (bytes <= maximumBytes) return;
    throw dataError(
      `${file.path}:${number}`,
      `is longer than ${maximumBytes} bytes; expected ${file.expected}, with one record a line${mend}.`,
    );
  };
  for await (const bytes of textContents(file)) {
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      checkLength(begunBytes + end - start);
      if (begunBytes === 0) {
        yield { number, text: decode(bytes, start, end) };
      } else {
        begun.push(bytes.subarray(start, end));
        const line = Buffer.concat(begun);
        begun = [];
        begunBytes = 0;
        yield { number, text: decode(line, 0, line.length) };
      }
      number += 1;
      start = end + 1;
    }
    if (start === bytes.length) continue;
    begun.push(bytes.subarray(start));
    begunBytes += bytes.length - start;
    checkLength(begunBytes);
  }
  if (begunBytes === 0) return;
  const line = Buffer.concat(begun);
  yield { number, text: decode(line, 0, line.length) };
}

function decode(bytes: Buffer, start: number, end: number): string {
  return bytes.toString("utf8", start, end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end);
}
