import { InvalidArgumentError } from "commander";

/** What a number may be; `above` and `below` themselves are excluded, `minimum` and `maximum` are not. */
interface NumberRange {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly above?: number;
  readonly below?: number;
}

const WHOLE = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
/** Whatever somebody may have meant as a number, such as `10%` and `0,1`. */
const LIKE_A_NUMBER = /^[+-]?[\d.,]+(?:e[+-]?\d+)?%?$/i;

/** Reads an option's value as a whole number in decimal digits, and nothing else. */
export function wholeNumber(range: NumberRange): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (WHOLE.test(text) && Number.isSafeInteger(value) && within(value, range)) return value;
    throw new InvalidArgumentError(`Expected a whole number${describe(range)}.`);
  };
}

/** Reads an option's value as a finite number with a decimal point, and nothing else. */
export function decimalNumber(range: NumberRange): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (DECIMAL.test(text) && Number.isFinite(value) && within(value, range)) return value;
    const comma =
      text.includes(",") && DECIMAL.test(text.replace(",", ".")) ? ` Write ${text.replace(",", ".")}, with a point.` : "";
    throw new InvalidArgumentError(`Expected a number${describe(range)}.${comma}`);
  };
}

/** A text to measure on: a file of its own, or a part of the training data. */
export type HeldOut = { readonly file: string } | { readonly fraction: number };

/** Reads an option's value as a fraction between 0 and 1, or else as the path of a file. */
export function fileOrFraction(text: string): HeldOut {
  if (text !== "" && !LIKE_A_NUMBER.test(text)) return { file: text };
  const fraction = Number(text);
  if (DECIMAL.test(text) && fraction > 0 && fraction < 1) return { fraction };
  throw new InvalidArgumentError("Expected a file, or a fraction above 0 and below 1, such as 0.1 (a file named 0.1 is ./0.1).");
}

function within(value: number, { minimum, maximum, above, below }: NumberRange): boolean {
  return (
    (minimum === undefined || value >= minimum) &&
    (maximum === undefined || value <= maximum) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below)
  );
}

function describe({ minimum, maximum, above, below }: NumberRange): string {
  const bounds = [
    minimum === undefined ? "" : `of at least ${minimum}`,
    above === undefined ? "" : `above ${above}`,
    maximum === undefined ? "" : `at most ${maximum}`,
    below === undefined ? "" : `below ${below}`,
  ].filter((bound) => bound !== "");
  return bounds.length === 0 ? "" : ` ${bounds.join(" and ")}`;
}
