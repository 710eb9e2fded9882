import { checkSameCount } from "./bleu.js";

/**
 * The word error rate of a corpus: the least insertions, deletions and substitutions of words (Levenshtein 1966) that make each answer its
 * reference, in all, by the words of the references. 0 where all are right; above 1 where answers are much too long. Words are what stands between spaces:
 * phonemes or characters, if that is what spaces part.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` where there are not as many references as answers, or none at all.
 */
export function wordErrorRate(answers: readonly string[], references: readonly string[]): number {
  checkSameCount("wordErrorRate", answers, references);
  let [errors, words] = [0, 0];
  for (const [place, answer] of answers.entries()) {
    const [own, right] = [wordsOf(answer), wordsOf(references[place] as string)];
    errors += editDistance(own, right);
    words += right.length;
  }
  return words === 0 ? Math.min(1, errors) : errors / words;
}

/**
 * The part of answers that are their reference, from 0 to 1; spaces between words may differ.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` where there are not as many references as answers, or none at all.
 */
export function exactMatch(answers: readonly string[], references: readonly string[]): number {
  checkSameCount("exactMatch", answers, references);
  const same = answers.filter((answer, place) => wordsOf(answer).join(" ") === wordsOf(references[place] as string).join(" "));
  return same.length / answers.length;
}

function wordsOf(text: string): string[] {
  return text.split(/\s+/u).filter(Boolean);
}

function editDistance(from: readonly string[], to: readonly string[]): number {
  let before = Int32Array.from({ length: to.length + 1 }, (_, place) => place);
  for (const [row, token] of from.entries()) {
    const now = new Int32Array(to.length + 1);
    now[0] = row + 1;
    for (const [column, other] of to.entries()) {
      const substituted = (before[column] as number) + (token === other ? 0 : 1);
      now[column + 1] = Math.min(substituted, (before[column + 1] as number) + 1, (now[column] as number) + 1);
    }
    before = now;
  }
  return before[to.length] as number;
}
