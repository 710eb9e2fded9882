import { UnrolledError } from "unrolled";
import { splitText, type TokenUnit } from "unrolled/tasks";
import type { Host } from "../host.js";
import type { HeldOut } from "../option-values.js";
import { readTexts } from "./texts.js";

/** The share of a text that is kept for validation unless something else is asked for. */
const VALIDATION_SHARE = 0.1;

/** A text divided by position: first what is trained on, then what validates, at the end what tests. */
export interface DividedText {
  /** What `LanguageModel.train` is given: the text, and the share or the text to validate on. */
  readonly text: string;
  readonly validation: number | string;
  /** The two parts that it trains and validates on. */
  readonly parts: { readonly train: string; readonly validation: string };
  readonly test: string | undefined;
}

/**
 * Sets a text's end aside for validation (a tenth, unless told otherwise) and for a test (nothing, unless told otherwise), or reads
 * these from files of their own. Fractions are those of the whole text, which is cut between
 * words where tokens are words.
 *
 * @throws UnrolledError `UNROLLED_VALUE` if nothing is left to train on
 */
export async function divideText(
  host: Host,
  whole: string,
  held: { validation?: HeldOut; test?: HeldOut },
  tokens: TokenUnit,
): Promise<DividedText> {
  const { validation = { fraction: VALIDATION_SHARE }, test } = held;
  const testShare = test !== undefined && "fraction" in test ? test.fraction : 0;
  if ("fraction" in validation && validation.fraction + testShare >= 1) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `--validation ${validation.fraction} and --test ${testShare} leave nothing to train on; together they must stay below 1.`,
    );
  }
  const cut = testShare > 0 ? splitText(whole, testShare, tokens) : undefined;
  const text = cut?.train ?? whole;
  const testText = test !== undefined && "file" in test ? await readTexts(host, [test.file]) : cut?.validation;

  if ("file" in validation) {
    const validationText = await readTexts(host, [validation.file]);
    return { text, validation: validationText, parts: { train: text, validation: validationText }, test: testText };
  }
  const share = validation.fraction / (1 - testShare);
  return { text, validation: share, parts: splitText(text, share, tokens), test: testText };
}
