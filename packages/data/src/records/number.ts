import { dataError, show } from "../data-error.js";
import type { Value } from "./records.js";

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const DECIMAL_COMMA = /^[+-]?\d+,\d+$/;
const MISSING = new Set(["", "na", "n/a", "nan", "null", "none", "?"]);

/** Whether a cell says that there is no value: nothing, or NA, N/A, NaN, null, None or ? in any case of letters. */
export function isMissing(value: Value | undefined): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value === "number") return Number.isNaN(value);
  return typeof value === "string" && value.length <= 8 && MISSING.has(value.trim().toLowerCase());
}

/**
 * The number a text writes in decimal notation, spaces around it allowed; undefined where it writes none, which hexadecimal
 * notation, a decimal comma, "Infinity" and what float64 can't hold (1e400) are too.
 */
export function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  if (!DECIMAL.test(trimmed)) return undefined;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : undefined;
}

/**
 * A cell as a number; null where it is missing. True and false are 1 and 0.
 *
 * @param place of the record, for the error
 * @throws {UnrolledError} `UNROLLED_DATA` for everything else, naming the column.
 */
export function numberOf(value: Value | undefined, place: string, column: string): number | null {
  if (isMissing(value)) return null;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  const number = typeof value === "string" ? parseNumber(value) : undefined;
  if (number !== undefined) return number;
  throw dataError(place, `column ${show(column)}: expected a number, received ${show(value)}${mend(value)}.`);
}

function mend(value: Value | undefined): string {
  if (typeof value === "number") return ", which a 64-bit number can't hold";
  if (typeof value !== "string") return "";
  const text = value.trim();
  if (DECIMAL_COMMA.test(text)) return `; write a decimal point, ${text.replace(",", ".")}`;
  if (DECIMAL.test(text)) return ", which a 64-bit number can't hold";
  if (/^[+-]?0[xX]/.test(text)) return "; write it in decimal notation";
  return "; leave the cell empty where the value is missing";
}
