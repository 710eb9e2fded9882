import { described } from "../../described.js";
import { UnrolledError } from "../../errors.js";

/** @throws {UnrolledError} `UNROLLED_DATA` where a text is none, or empty. */
export function checkText(what: string, text: unknown): asserts text is string {
  if (typeof text === "string" && text.trim() !== "") return;
  throw new UnrolledError("UNROLLED_DATA", `${what} must be a text that is not empty, received ${described(text)}.`);
}
