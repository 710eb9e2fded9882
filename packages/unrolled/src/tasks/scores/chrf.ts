import { checkSameCount } from "./bleu.js";
import { countNgrams } from "./ngrams.js";

const ORDERS = 6;
/** How much more recall counts than precision, squared. */
const FACTOR = 2 ** 2;

/**
 * chrF2 of a corpus (Popović 2015), from 0 to 100, as sacreBLEU computes it: the F-score with β = 2 of precision and recall of n-grams of 1 to 6 characters,
 * spaces left out, each averaged over the orders.
 *
 * @param answers one text each
 * @param references one for each answer
 * @throws {UnrolledError} `UNROLLED_DATA` where there are not as many references as answers, or none at all.
 */
export function chrF(answers: readonly string[], references: readonly string[]): number {
  checkSameCount("chrF", answers, references);
  const [matches, written, right] = [0, 1, 2].map(() => new Float64Array(ORDERS)) as [Float64Array, Float64Array, Float64Array];
  const charactersOf = (text: string) => Array.from(text.replace(/\s+/gu, ""));
  for (const [place, answer] of answers.entries()) {
    const [own, reference] = [charactersOf(answer), charactersOf(references[place] as string)];
    for (let order = 1; order <= ORDERS; order++) {
      const of = countNgrams(reference, order, "");
      if (of.size === 0) continue;
      for (const [ngram, count] of countNgrams(own, order, "")) {
        matches[order - 1] = (matches[order - 1] as number) + Math.min(count, of.get(ngram) ?? 0);
        written[order - 1] = (written[order - 1] as number) + count;
      }
      right[order - 1] = (right[order - 1] as number) + reference.length - order + 1;
    }
  }
  let [precision, recall, orders] = [0, 0, 0];
  for (let order = 0; order < ORDERS; order++) {
    if (written[order] === 0 || right[order] === 0) continue;
    precision += (matches[order] as number) / (written[order] as number);
    recall += (matches[order] as number) / (right[order] as number);
    orders++;
  }
  if (precision + recall === 0) return 0;
  return (100 * (1 + FACTOR) * precision * recall) / ((FACTOR * precision + recall) * orders);
}
