import { UnrolledError } from "../../errors.js";

/** @throws {UnrolledError} `UNROLLED_DATA` where a text is none, or empty. */
export function checkText(what: string, text: unknown): asserts text is string {
  if (typeof text === "string" && text.trim() !== "") return;
  throw new UnrolledError("UNROLLED_DATA", `${what} must be a text that is not empty, received ${described(text)}.`);
}

/** A value in an error message. */
export function described(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value !== "object" || value === null) return String(value);
  return `{ ${Object.keys(value).slice(0, 6).join(", ")} }`;
}
