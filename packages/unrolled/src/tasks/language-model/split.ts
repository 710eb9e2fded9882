import { codePointsOf, textOf } from "../../data/text/characters.js";
import { UnrolledError } from "../../errors.js";

/** A text's beginning to train on, and its end to validate on, cut by characters. */
export function splitCodePoints(points: Int32Array, fraction: number): { train: Int32Array; validation: Int32Array } {
  const cut = Math.floor(points.length * (1 - fraction));
  return { train: points.subarray(0, cut), validation: points.subarray(cut) };
}

/**
 * The very split that `LanguageModel.train` makes: the last `fraction` of the characters is for validation.
 *
 * @param fraction between 0 and 1
 * @throws {UnrolledError} `UNROLLED_VALUE` where it is not.
 */
export function splitText(text: string, fraction: number): { train: string; validation: string } {
  if (!(fraction > 0 && fraction < 1)) {
    throw new UnrolledError("UNROLLED_VALUE", `splitText: \`fraction\` must be between 0 and 1, received ${fraction}.`);
  }
  const { train, validation } = splitCodePoints(codePointsOf(text), fraction);
  return { train: textOf(train), validation: textOf(validation) };
}
