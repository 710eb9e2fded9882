import { UnrolledError } from "unrolled";
import { dataError, show } from "../data-error.js";
import { DataFile } from "../files/data-file.js";
import { lines, MAXIMUM_RECORD_BYTES } from "../files/lines.js";
import { checkCount, checkKnown } from "../options.js";
import { parseNumber } from "../records/number.js";
import type { Records, Row } from "../records/records.js";
import { type CsvRecord, csvRecords } from "./csv-records.js";
import { type CsvDialect, guessDelimiter } from "./dialect.js";

/** How a table of separated values is read. */
export interface CsvOptions {
  /** One character between cells. Default: a tab for `.tsv` and `.tab`, else what the first line has most of: comma, semicolon, tab or bar. */
  delimiter?: string;
  /** Around cells that hold delimiters or line ends; doubled inside. false: quotes are characters like others. Default: `"`. */
  quote?: '"' | "'" | false;
  /** Whether the first line names the columns. Default: unless it holds a number. Columns without names are called 1, 2, … */
  header?: boolean;
  /** A longer record is an error, so that memory stays bounded. Default: 2^24 (16.8 MB). */
  maximumRecordBytes?: number;
}

/**
 * Opens a table of separated values (RFC 4180; `\n` and `\r\n`): cells are text, as they stand in the file.
 *
 * @example
 * const reviews = await openCsv("reviews.csv");
 * for await (const { values, place } of reviews.rows()) console.log(place, values);
 * @throws {UnrolledError} `UNROLLED_DATA` where there is no such file, it is empty or has a header only, two columns have one
 * name, and, while reading, with file and line for a record that can't be read or has another number of cells.
 */
export async function openCsv(path: string, options: CsvOptions = {}): Promise<Records> {
  checkKnown("openCsv", options, ["delimiter", "quote", "header", "maximumRecordBytes"]);
  const maximumBytes = checkCount("openCsv", "maximumRecordBytes", options.maximumRecordBytes ?? MAXIMUM_RECORD_BYTES);
  const file = new DataFile(path, "a table");
  const isTabs = /\.(tsv|tab)(\.gz)?$/i.test(path);
  const given = checkedDelimiter(options.delimiter);
  const line = await firstLine(file, maximumBytes);
  if (/^[^"'\n]*\r/.test(line)) {
    throw dataError(`${path}:1`, "has line ends \\r alone, as old Macs wrote them; convert the file (tr '\\r' '\\n').");
  }
  const dialect: CsvDialect = { delimiter: given ?? (isTabs ? "\t" : guessDelimiter(line)), quote: options.quote ?? '"' };

  const [first, second] = await firstRecords(file, dialect, maximumBytes);
  if (!first) throw dataError(path, "has empty lines only; expected a table.");
  const numeric = first.cells.find((cell) => parseNumber(cell) !== undefined);
  const hasHeader = options.header ?? numeric === undefined;
  if (hasHeader && !second) throw dataError(path, "has a header and no records; expected at least one.");
  const columns = hasHeader ? names(first.cells, `${path}:${first.line}`) : first.cells.map((_, k) => String(k + 1));
  const notes =
    hasHeader || options.header === false ? [] : [`${path}: no header, because its first line holds ${show(numeric)}.`];

  async function* rows(): AsyncGenerator<Row> {
    let isHeader = hasHeader;
    for await (const records of csvRecords(file, dialect, maximumBytes)) {
      for (const { line, cells } of records) {
        if (isHeader) {
          isHeader = false;
          continue;
        }
        if (cells.length !== columns.length) throw ragged(`${path}:${line}`, cells.length, columns.length, dialect);
        yield { values: cells, place: `${path}:${line}` };
      }
    }
  }
  return { format: dialect.delimiter === "\t" ? "tsv" : "csv", paths: [path], columns, notes, rows };
}

function checkedDelimiter(delimiter: string | undefined): string | undefined {
  if (delimiter === undefined || (delimiter.length === 1 && !'"\n\r'.includes(delimiter))) return delimiter;
  throw new UnrolledError("UNROLLED_VALUE", `openCsv: \`delimiter\` must be one character, received ${show(delimiter)}.`);
}

async function firstLine(file: DataFile, maximumBytes: number): Promise<string> {
  for await (const { text } of lines(file, maximumBytes)) if (text !== "") return text;
  return "";
}

async function firstRecords(file: DataFile, dialect: CsvDialect, maximumBytes: number): Promise<CsvRecord[]> {
  const first: CsvRecord[] = [];
  for await (const records of csvRecords(file, dialect, maximumBytes)) {
    first.push(...records.slice(0, 2));
    if (first.length >= 2) break;
  }
  return first;
}

/** An empty name, such as the one pandas gives its index, becomes the column's number. */
function names(cells: readonly string[], place: string): string[] {
  const columns = cells.map((cell, k) => cell.trim() || String(k + 1));
  const twice = columns.find((name, k) => columns.indexOf(name) !== k);
  if (twice === undefined) return columns;
  throw dataError(
    place,
    `two columns are called ${show(twice)}; expected names that differ (\`header: false\` where there are none).`,
  );
}

function ragged(place: string, cells: number, columns: number, { delimiter }: CsvDialect): UnrolledError {
  const mend =
    cells > columns
      ? `put a cell that holds ${show(delimiter)} in quotes`
      : "leave a cell empty where there is no value, but keep its delimiter";
  return dataError(place, `has ${cells} ${cells === 1 ? "cell" : "cells"}, expected ${columns} as in the first line; ${mend}.`);
}
