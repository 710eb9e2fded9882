import { UnrolledError } from "unrolled";
import { dataError } from "../data-error.js";
import type { DataFile } from "../files/data-file.js";
import { textContents } from "../files/text-contents.js";
import type { CsvDialect } from "./dialect.js";

/** One record of a table, as it is written. */
export interface CsvRecord {
  /** Where it begins, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/**
 * The records of a table, as many at a time as a piece of the file has; empty lines are left out.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` with the line for a quote that isn't closed or stands where none may, and for a record
 * longer than `maximumBytes`.
 */
export async function* csvRecords(
  file: DataFile,
  dialect: CsvDialect,
  maximumBytes: number,
): AsyncGenerator<readonly CsvRecord[]> {
  // Loaded when first needed: who reads no table shouldn't wait for it.
  const { parse } = await import("csv-parse");
  let records: CsvRecord[] = [];
  let line = 1;
  const parser = parse({
    delimiter: dialect.delimiter,
    quote: dialect.quote,
    // In a table of tabs quotes are mostly characters like others; one inside a cell is taken as it stands.
    relax_quotes: dialect.delimiter === "\t",
    record_delimiter: ["\n", "\r\n"],
    relax_column_count: true,
    max_record_size: maximumBytes,
    // Taking records here, and none from the stream, spares a promise for each.
    on_record: (cells) => {
      if (cells.length > 1 || cells[0] !== "") records.push({ line, cells });
      line += 1;
      for (const cell of cells) line += lineFeeds(cell);
      return null;
    },
  });
  const failed = new Promise<never>((_, reject) => parser.once("error", reject));
  failed.catch(() => {});
  const step = (start: (done: () => void) => void): Promise<void> => Promise.race([failed, new Promise<void>(start)]);
  parser.resume();
  try {
    for await (const bytes of textContents(file)) {
      await step((done) => parser.write(bytes, done));
      yield records;
      records = [];
    }
    await step((done) => parser.end(done));
    yield records;
  } catch (error) {
    throw error instanceof UnrolledError ? error : failure(`${file.path}:${line}`, error, maximumBytes);
  } finally {
    parser.destroy();
  }
}

function lineFeeds(cell: string): number {
  let count = 0;
  for (let at = cell.indexOf("\n"); at >= 0; at = cell.indexOf("\n", at + 1)) count += 1;
  return count;
}

function failure(place: string, error: unknown, maximumBytes: number): UnrolledError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "CSV_QUOTE_NOT_CLOSED":
      return dataError(
        place,
        "a quote that begins in this record is never closed; close it, or double a quote that is part of the text.",
        error,
      );
    case "CSV_INVALID_CLOSING_QUOTE":
      return dataError(
        place,
        'text follows a closing quote; double the quotes inside a cell (""), or read with `quote: false`.',
        error,
      );
    case "INVALID_OPENING_QUOTE":
      return dataError(
        place,
        'a quote stands inside a cell without quotes; put the cell in quotes and double those inside (""), or read with `quote: false`.',
        error,
      );
    case "CSV_MAX_RECORD_SIZE":
      return dataError(
        place,
        `a record is longer than ${maximumBytes} bytes, maybe because a quote isn't closed; \`maximumRecordBytes\` allows more.`,
        error,
      );
    default:
      return dataError(place, `can't be read as a table (${error instanceof Error ? error.message : String(error)}).`, error);
  }
}
