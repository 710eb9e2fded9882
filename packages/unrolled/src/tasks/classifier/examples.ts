import { UnrolledError } from "../../errors.js";

/** A plain row: numbers, categories as text, and null (or NaN, or no entry) for what is missing. */
export type Row = Readonly<Record<string, number | string | null | undefined>>;

/**
 * What is classified: a text; a sequence of numbers, one a step; a sequence of steps with several numbers each, `[time][variables]`; or a row.
 * An array of numbers is a row where the option `input` says so.
 */
export type ClassifierInput = string | readonly number[] | readonly (readonly number[])[] | Row;

/** An example to learn from. */
export interface ClassifierExample {
  /** What is classified. */
  input: ClassifierInput;
  /** Its class; several labels at once, or none, as an array, which makes each label a question of its own. */
  label: string | readonly string[];
}

/** What kind of input a classifier reads. */
export type InputName = "text" | "sequence" | "row";
export const INPUT_NAMES: readonly InputName[] = ["text", "sequence", "row"];

/**
 * The kind of an input where nothing else is said.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` for what is none.
 */
export function nameOfInput(input: ClassifierInput, where: string): InputName {
  if (typeof input === "string") return "text";
  if (Array.isArray(input)) return "sequence";
  if (typeof input === "object" && input !== null && !ArrayBuffer.isView(input)) return "row";
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${where}: \`input\` must be a text, an array of numbers, an array of arrays of numbers, or a row, received ${shown(input)}.`,
  );
}

/** A value in an error message. */
export function shown(value: unknown): string {
  if (value === null || value === undefined || typeof value === "number") return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  return typeof value === "object" ? "an object" : typeof value;
}
