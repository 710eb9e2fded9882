import { UnrolledError } from "../../errors.js";
import type { Vocabulary } from "./vocabulary.js";

/** Vectors of words, all equally long, such as GloVe's or word2vec's: `readWordVectors` of `@unrolled/data` reads them from a file. */
export type WordVectors = ReadonlyMap<string, Float32Array>;

/** The vectors of a vocabulary's words, for `embedding`. */
export interface VocabularyVectors {
  /** By the word's index; words without one are left out. */
  readonly vectors: ReadonlyMap<number, Float32Array>;
  /** How long each is. */
  readonly units: number;
  /** How many words of the vocabulary have one, of `words`. */
  readonly found: number;
  /** How many words the vocabulary has, the unknown one not counted. */
  readonly words: number;
}

/**
 * Finds the vectors of a vocabulary's words: that of the word as it stands, or else in lower case, since many files know no upper case.
 *
 * @param where what asks for them, in the words of an error message
 * @throws {UnrolledError} `UNROLLED_VALUE` where tokens are no words, `UNROLLED_DATA` where no word has a vector, or vectors are empty, of
 * unequal length or not finite.
 */
export function vectorsOf(vocabulary: Vocabulary, wordVectors: WordVectors, where: string): VocabularyVectors {
  if (vocabulary.tokens !== "word") {
    throw new UnrolledError("UNROLLED_VALUE", `${where}: \`wordVectors\` are for words; set tokens: "word" too.`);
  }
  return vectorsOfWords(vocabulary.symbols, wordVectors, where);
}

/**
 * The same of words by their index, the unknown one first.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` as `vectorsOf`.
 */
export function vectorsOfWords(known: readonly string[], wordVectors: WordVectors, where: string): VocabularyVectors {
  const vectors = new Map<number, Float32Array>();
  let units = 0;
  for (const [index, word] of known.entries()) {
    if (index === 0) continue;
    const vector = wordVectors.get(word) ?? wordVectors.get(word.toLowerCase());
    if (!vector) continue;
    units ||= vector.length;
    if (vector.length === 0 || vector.length !== units || !vector.every(Number.isFinite)) {
      throw new UnrolledError(
        "UNROLLED_DATA",
        `${where}: \`wordVectors\` must all have as many finite numbers, ${units || "at least 1"} of them, received ${vector.length} for ` +
          `${JSON.stringify(word)}${vector.every(Number.isFinite) ? "" : ", some not finite"}.`,
      );
    }
    vectors.set(index, vector);
  }
  const words = known.length - 1;
  if (vectors.size > 0) return { vectors, units, found: vectors.size, words };
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${where}: \`wordVectors\` has none of the ${words} words, such as ${JSON.stringify(known[1])}; give vectors of the text's language.`,
  );
}
