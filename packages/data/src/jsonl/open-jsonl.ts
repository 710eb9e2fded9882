import { dataError, show } from "../data-error.js";
import { DataFile } from "../files/data-file.js";
import { lines, MAXIMUM_RECORD_BYTES } from "../files/lines.js";
import { checkCount, checkKnown } from "../options.js";
import type { Records, Row, Value } from "../records/records.js";

/** How a file of one JSON object a line is read. */
export interface JsonlOptions {
  /** A longer line is an error, so that memory stays bounded. Default: 2^24 (16.8 MB). */
  maximumRecordBytes?: number;
}

/** Objects that are looked at for the names of the columns. */
const RECORDS_FOR_COLUMNS = 1000;

type JsonRecord = Readonly<Record<string, Value>>;

/**
 * Opens a file of one JSON object a line. Columns are the fields of its first 1,000 objects, in the order in which they come up; a field
 * that an object doesn't have is null, and one that only later objects have is none.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` with file and line for what is no JSON object.
 */
export async function openJsonl(path: string, options: JsonlOptions = {}): Promise<Records> {
  checkKnown("openJsonl", options, ["maximumRecordBytes"]);
  const maximumBytes = checkCount("openJsonl", "maximumRecordBytes", options.maximumRecordBytes ?? MAXIMUM_RECORD_BYTES);
  const file = new DataFile(path, "a file of one JSON object a line");

  async function* objects(): AsyncGenerator<{ place: string; object: JsonRecord }> {
    for await (const { number, text } of lines(file, maximumBytes)) {
      if (text.trim() === "") continue;
      const place = `${path}:${number}`;
      yield { place, object: parseObject(text, place) };
    }
  }

  const fields = new Set<string>();
  let count = 0;
  for await (const { object } of objects()) {
    for (const field of Object.keys(object)) fields.add(field);
    count += 1;
    if (count === RECORDS_FOR_COLUMNS) break;
  }
  if (count === 0) throw dataError(path, "has empty lines only; expected one JSON object a line.");
  if (fields.size === 0) throw dataError(path, "has objects without a field; expected some, such as `text` and `label`.");
  const columns = [...fields];

  async function* rows(): AsyncGenerator<Row> {
    for await (const { place, object } of objects()) {
      yield { values: columns.map((field) => (Object.hasOwn(object, field) ? (object[field] ?? null) : null)), place };
    }
  }
  return { format: "jsonl", paths: [path], columns, notes: [], rows };
}

function parseObject(text: string, place: string): JsonRecord {
  let value: Value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw dataError(place, `is no JSON (${reason(text, error)}); expected one object a line.`, error);
  }
  if (isObject(value)) return value;
  const mend = Array.isArray(value) ? "; write one object a line (jq -c '.[]')" : "";
  throw dataError(place, `expected a JSON object, received ${show(value)}${mend}.`);
}

function isObject(value: Value): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function reason(text: string, error: unknown): string {
  const constant = /[:[,]\s*(NaN|-?Infinity)\b/.exec(text)?.[1];
  if (constant !== undefined) return `it holds ${constant}, for which JSON has null`;
  if (text.trim() === "[") return "it begins an array over several lines; jq -c '.[]' writes one object a line";
  const message = error instanceof Error ? error.message : String(error);
  return message.length > 120 ? `${message.slice(0, 119)}…` : message;
}
