import { UnrolledError } from "../../errors.js";
import { checkChoice, checkKnown } from "../../layers/options.js";
import { countNgrams } from "./ngrams.js";
import { tokens13a } from "./tokens-13a.js";

/** How texts are compared by `bleu`. */
export interface BleuOptions {
  /** How texts become tokens: `13a`, sacreBLEU's default, or `none`, at spaces alone, for texts that are tokens already. Default: 13a. */
  tokenize?: "13a" | "none";
}

const ORDERS = 4;

/**
 * BLEU of a corpus (Papineni et al. 2002), from 0 to 100, as sacreBLEU computes it (Post 2018): n-grams of 1 to 4 tokens, the closest reference's length for
 * the brevity penalty, and exponential smoothing of orders without a match.
 *
 * @param answers one text each
 * @param references for each answer a text, or several that are all right
 * @throws {UnrolledError} `UNROLLED_DATA` where there are not as many references as answers, or none at all; `UNROLLED_VALUE` for an unknown option.
 */
export function bleu(
  answers: readonly string[],
  references: readonly (string | readonly string[])[],
  options: BleuOptions = {},
): number {
  checkKnown("bleu", options, ["tokenize"]);
  const tokenize = checkChoice("bleu", "tokenize", options.tokenize ?? "13a", ["13a", "none"]);
  checkSameCount("bleu", answers, references);
  const split = (text: string) => (tokenize === "13a" ? tokens13a(text) : text.trim()).split(/\s+/u).filter(Boolean);
  const correct = new Float64Array(ORDERS);
  const total = new Float64Array(ORDERS);
  let [answerLength, referenceLength] = [0, 0];
  for (const [place, answer] of answers.entries()) {
    const own = split(answer);
    const given = references[place] as string | readonly string[];
    const right = (typeof given === "string" ? [given] : given).map(split);
    answerLength += own.length;
    referenceLength += closest(
      own.length,
      right.map(({ length }) => length),
    );
    for (let order = 1; order <= ORDERS; order++) {
      const most = right.map((tokens) => countNgrams(tokens, order));
      for (const [ngram, count] of countNgrams(own, order)) {
        correct[order - 1] = (correct[order - 1] as number) + Math.min(count, Math.max(...most.map((of) => of.get(ngram) ?? 0)));
        total[order - 1] = (total[order - 1] as number) + count;
      }
    }
  }
  return score(correct, total, answerLength, referenceLength);
}

function score(correct: Float64Array, total: Float64Array, answerLength: number, referenceLength: number): number {
  if (correct.every((count) => count === 0)) return 0;
  let [logs, smooth] = [0, 1];
  for (let order = 0; order < ORDERS; order++) {
    const [hits, all] = [correct[order] as number, total[order] as number];
    if (all === 0) return 0;
    if (hits === 0) smooth *= 2;
    logs += Math.log(hits === 0 ? 1 / (smooth * all) : hits / all);
  }
  const brevity = answerLength < referenceLength ? Math.exp(1 - referenceLength / answerLength) : 1;
  return 100 * brevity * Math.exp(logs / ORDERS);
}

/** The length nearest to an answer's; of two the shorter. */
function closest(length: number, lengths: readonly number[]): number {
  return lengths.reduce((best, one) => {
    const [near, nearest] = [Math.abs(one - length), Math.abs(best - length)];
    return near < nearest || (near === nearest && one < best) ? one : best;
  });
}

/** @throws {UnrolledError} `UNROLLED_DATA` where there are more of one than of the other, or none. */
export function checkSameCount(where: string, answers: readonly unknown[], references: readonly unknown[]): void {
  if (answers.length === references.length && answers.length > 0) return;
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${where}: expected as many references as answers, and at least one, received ${answers.length} answers and ${references.length} references.`,
  );
}
