import { UnrolledError } from "../../errors.js";

/** A time as it is given, and given back. */
export type TimeValue = number | string | Date;

/** How times are written. */
export type TimeForm = "number" | "date" | "year" | "month" | "day" | "minute" | "second" | "instant";

export const TIME_FORMS: readonly TimeForm[] = ["number", "date", "year", "month", "day", "minute", "second", "instant"];

/** Year, month, day; hour, minute, second, fraction; zone. */
const TIME_TEXT =
  /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d{2}:?\d{2})?)?)?)?$/;

/** A time on the axis: milliseconds since 1970 UTC, or the number itself; and how it was written. */
export interface ReadTime {
  readonly at: number;
  readonly form: TimeForm;
}

/** @throws {UnrolledError} `UNROLLED_DATA` for what is no time. */
export function readTime(time: TimeValue, where: string): ReadTime {
  if (typeof time === "number" && Number.isFinite(time)) return { at: time, form: "number" };
  if (time instanceof Date && Number.isFinite(time.getTime())) return { at: time.getTime(), form: "date" };
  const read = typeof time === "string" ? readText(time.trim()) : undefined;
  if (read) return read;
  const received = typeof time === "string" ? JSON.stringify(time) : String(time);
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${where}: \`time\` must be a Date, a finite number or text such as "1949-01", "1949-01-31" or "1949-01-31 14:00:00", received ${received}.`,
  );
}

function readText(text: string): ReadTime | undefined {
  const parts = TIME_TEXT.exec(text);
  if (!parts) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map((part) => (part === undefined ? undefined : Number(part)));
  const fraction = Number(`0.${parts[7] ?? 0}`) * 1000;
  const at = Date.UTC(year, month - 1, day, hour, minute, second, fraction);
  const date = new Date(at);
  // Date.UTC lets the 31st of June run into July, and reads years below 100 as 19…
  const isReal =
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    minute < 60 &&
    second < 60;
  return isReal ? { at: at - offsetOf(parts[8]), form: formOf(parts) } : undefined;
}

/** A zone's distance from UTC in milliseconds. */
function offsetOf(zone: string | undefined): number {
  if (zone === undefined || zone === "Z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

function formOf([, , month, day, hour, , second, fraction, zone]: readonly (string | undefined)[]): TimeForm {
  if (zone !== undefined || fraction !== undefined) return "instant";
  if (second !== undefined) return "second";
  if (hour !== undefined) return "minute";
  if (day !== undefined) return "day";
  return month === undefined ? "year" : "month";
}

/** A place on the axis as a time in some form. */
export function writeTime(at: number, form: TimeForm): TimeValue {
  if (form === "number") return at;
  const date = new Date(at);
  if (form === "date") return date;
  const text = date.toISOString();
  if (form === "instant") return text;
  if (form === "year") return text.slice(0, 4);
  if (form === "month") return text.slice(0, 7);
  if (form === "day") return text.slice(0, 10);
  return text.slice(0, form === "minute" ? 16 : 19).replace("T", " ");
}

/**
 * A time's place on the axis: milliseconds since 1970 in UTC, or the number that it is. For whoever draws.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` for what is no time.
 */
export function timePlace(time: TimeValue): number {
  return readTime(time, "timePlace").at;
}
