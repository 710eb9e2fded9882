import { dataError, show } from "../data-error.js";
import type { Value } from "../records/records.js";

/**
 * A value of a Parquet file as one of a record: 64-bit integers as numbers where float64 holds them, else as text; times as text; lists
 * and records with their own values likewise.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` for bytes, which mean nothing without knowing what they are, and for what is no text in UTF-8.
 */
export function recordValue(value: unknown, place: string, column: string): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : momentText(value);
  if (Array.isArray(value)) return value.map((item) => recordValue(item, place, column));
  if (ArrayBuffer.isView(value))
    throw dataError(
      place,
      `column ${show(column)} holds bytes, or a text that is not UTF-8; expected text, numbers or lists of them.`,
    );
  return Object.fromEntries(Object.entries(value).map(([field, item]) => [field, recordValue(item, place, column)]));
}

/** A day as "2016-07-01", another moment as "2016-07-01 14:00:00", in UTC, with milliseconds where it has some. */
function momentText(moment: Date): string {
  const [day = "", time = ""] = moment.toISOString().split("T");
  if (time === "00:00:00.000Z") return day;
  return `${day} ${time.replace(/(\.000)?Z$/, "")}`;
}
