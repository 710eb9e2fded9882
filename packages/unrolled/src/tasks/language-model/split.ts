import { codePointsOf, textOf } from "../../data/text/characters.js";
import type { TokenUnit } from "../../data/text/tokenizer.js";
import { UnrolledError } from "../../errors.js";

/** White space of the basic plane, as in a regular expression's \\s. */
const SPACE = /\s/u;

/** A text's beginning to train on, and its end to validate on: cut by characters, and never inside a word where tokens are words. */
export function splitCodePoints(
  points: Int32Array,
  fraction: number,
  tokens: TokenUnit,
): { train: Int32Array; validation: Int32Array } {
  const exact = Math.floor(points.length * (1 - fraction));
  const cut = tokens === "char" ? exact : wordEnd(points, exact);
  return { train: points.subarray(0, cut), validation: points.subarray(cut) };
}

/** The place behind the last white space up to a place, or that place where there is none. */
function wordEnd(points: Int32Array, place: number): number {
  const space = points.subarray(0, place).findLastIndex((point) => SPACE.test(String.fromCodePoint(point)));
  return space < 0 ? place : space + 1;
}

/**
 * The very split that `LanguageModel.train` makes: the last `fraction` of the characters is for validation; where tokens are words, so is the word
 * that would be cut.
 *
 * @param fraction between 0 and 1
 * @throws {UnrolledError} `UNROLLED_VALUE` where it is not.
 */
export function splitText(text: string, fraction: number, tokens: TokenUnit = "char"): { train: string; validation: string } {
  if (!(fraction > 0 && fraction < 1)) {
    throw new UnrolledError("UNROLLED_VALUE", `splitText: \`fraction\` must be between 0 and 1, received ${fraction}.`);
  }
  const { train, validation } = splitCodePoints(codePointsOf(text), fraction, tokens);
  return { train: textOf(train), validation: textOf(validation) };
}
