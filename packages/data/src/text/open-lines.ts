import { basename } from "node:path";
import { dataError } from "../data-error.js";
import { DataFile } from "../files/data-file.js";
import { lines, MAXIMUM_RECORD_BYTES } from "../files/lines.js";
import { checkCount, checkKnown } from "../options.js";
import type { Records, Row } from "../records/records.js";

/** How a plain text is read as one record a line. */
export interface LinesOptions {
  /** A longer line is an error, so that memory stays bounded. Default: 2^24 (16.8 MB). */
  maximumRecordBytes?: number;
}

/**
 * Opens a plain text as records, one a line, empty lines left out: the columns are `text` and `file`, the file's name without its endings, which
 * is the label where each class has a file of its own. `readText` reads a text as a whole.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` where there is no such file, or it is empty or no text.
 */
export async function openLines(path: string, options: LinesOptions = {}): Promise<Records> {
  checkKnown("openLines", options, ["maximumRecordBytes"]);
  const maximumBytes = checkCount("openLines", "maximumRecordBytes", options.maximumRecordBytes ?? MAXIMUM_RECORD_BYTES);
  const file = new DataFile(path, "a text");
  const name = basename(path)
    .replace(/\.gz$/i, "")
    .replace(/(?<=.)\.[^.]*$/, "");

  async function* rows(): AsyncGenerator<Row> {
    let isEmpty = true;
    for await (const { number, text } of lines(file, maximumBytes)) {
      if (text.trim() === "") continue;
      isEmpty = false;
      yield { values: [text, name], place: `${path}:${number}` };
    }
    if (isEmpty) throw dataError(path, "has empty lines only; expected a text.");
  }

  for await (const _ of rows()) break;
  return { format: "text", paths: [path], columns: ["text", "file"], notes: [], rows };
}
