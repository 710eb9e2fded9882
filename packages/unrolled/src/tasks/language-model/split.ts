import { codePointsOf, textOf } from "../../data/text/characters.js";

/** A text's beginning to train on, and its end to validate on, cut by characters. */
export function splitCodePoints(points: Int32Array, fraction: number): { train: Int32Array; validation: Int32Array } {
  const cut = Math.floor(points.length * (1 - fraction));
  return { train: points.subarray(0, cut), validation: points.subarray(cut) };
}

/**
 * The very split that `LanguageModel.train` makes: the last `fraction` of the characters is for validation.
 *
 * @param fraction between 0 and 1
 */
export function splitText(text: string, fraction: number): { train: string; validation: string } {
  const { train, validation } = splitCodePoints(codePointsOf(text), fraction);
  return { train: textOf(train), validation: textOf(validation) };
}
