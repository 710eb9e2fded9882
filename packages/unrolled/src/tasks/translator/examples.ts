import { UnrolledError } from "../../errors.js";

/** A text and what it becomes. */
export interface TranslatorExample {
  /** What is read; not empty. */
  readonly source: string;
  /** What it becomes; not empty. */
  readonly target: string;
}

/** @throws {UnrolledError} `UNROLLED_DATA` where an example is no pair of texts, or one of them has nothing to read. */
export function checkExample(where: string, example: TranslatorExample, index: number): void {
  const at = `${where}: example ${index}`;
  if (typeof example !== "object" || example === null) {
    throw new UnrolledError("UNROLLED_DATA", `${at} must be { source, target }, received ${described(example)}.`);
  }
  for (const name of ["source", "target"] as const) checkText(`${at}: \`${name}\``, example[name]);
}

/** @throws {UnrolledError} `UNROLLED_DATA` where a text is none, or empty. */
export function checkText(what: string, text: unknown): asserts text is string {
  if (typeof text === "string" && text.trim() !== "") return;
  throw new UnrolledError("UNROLLED_DATA", `${what} must be a text that is not empty, received ${described(text)}.`);
}

function described(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return "an array";
  return value === null ? "null" : typeof value;
}
