import { UnrolledError } from "unrolled";
import { isImage } from "./records/records.js";

/**
 * What is wrong with data, and where.
 *
 * @param place a path, `path:line`, or `path, row 3`
 */
export function dataError(place: string, what: string, cause?: unknown): UnrolledError {
  return new UnrolledError("UNROLLED_DATA", `${place}: ${what}`, cause === undefined ? {} : { cause });
}

/** A value in the words of an error, never longer than a line. */
export function show(value: unknown): string {
  if (isImage(value)) return "a picture";
  const text = typeof value === "number" ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
