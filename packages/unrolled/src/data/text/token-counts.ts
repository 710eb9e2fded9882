import { countPieceWords } from "./pieces/train-pieces.js";
import type { TokenUnit } from "./tokenizer.js";
import { learnedPieces, Vocabulary, type VocabularyOptions } from "./vocabulary.js";
import { spacedWordTokenizer, wordTokenizer } from "./word-tokenizer.js";

/** Adds a text's tokens, or the words that pieces are learned inside of, to the counts so far: a vocabulary can be made of many texts that way, with one of them in memory at a time. */
export function countTokens(text: string, tokens: TokenUnit, counts: Map<string, number>, splitPunctuation = true): void {
  if (tokens === "piece") {
    countPieceWords(text, counts);
    return;
  }
  const words = splitPunctuation ? wordTokenizer : spacedWordTokenizer;
  for (const token of tokens === "char" ? text : words.split(text)) counts.set(token, (counts.get(token) ?? 0) + 1);
}

/**
 * The most frequent tokens; of equally frequent ones those first that stand first in the order of UTF-16. Or the pieces that are learned from the
 * words counted.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` where no token is left.
 */
export function vocabularyOfCounts(counts: ReadonlyMap<string, number>, options: VocabularyOptions): Vocabulary {
  const { tokens = "char", splitPunctuation = true, minimumCount = 1, size = Number.POSITIVE_INFINITY } = options;
  if (tokens === "piece") return new Vocabulary(learnedPieces(counts, options));
  const unknown = tokens === "char" ? "\ufffd" : wordTokenizer.unknown;
  const kept = [...counts]
    .filter(([token, count]) => token !== unknown && count >= minimumCount)
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, size - 1)
    .map(([token]) => token)
    .filter((token) => !/\p{Surrogate}/u.test(token));
  return new Vocabulary([unknown, ...kept], { tokens, splitPunctuation });
}
