import { vectorsOfWords, type WordVectors } from "../data/text/word-vectors.js";
import { UnrolledError } from "../errors.js";
import type { JsonObject } from "../files/json/object.js";
import { checkCount } from "../layers/options.js";
import { contentName, type TrainingIdentity } from "./checkpoints.js";

/** Vectors that words begin with, of tasks that read words. */
export interface GivenWordVectors {
  /**
   * Where words are read, vectors that they begin with (`readWordVectors` of `@unrolled/data`), by the word as it stands or else in lower case. Words
   * without one begin with random vectors at the same scale. `onNotice` is told how many were found. Default: none.
   */
  wordVectors?: WordVectors;
  /** Whether the vectors of all words stay as they begin, where `wordVectors` are given. Default: false, they are tuned. */
  freezeWordVectors?: boolean;
}

/** The names of these options. */
export const WORD_VECTORS = ["wordVectors", "freezeWordVectors"] as const;

/** What a model remembers of the vectors that its words began with. */
export interface TrainedWordVectors {
  /** How many words began with vectors that were given, where some were. */
  readonly wordsWithVectors?: number;
  /** Whether those stayed as they were given. */
  readonly freezeWordVectors?: boolean;
}

/** What the vectors of words begin with, by their index, and whether training changes them. */
export interface WordStart {
  readonly vectors?: ReadonlyMap<number, Float32Array>;
  readonly trainable?: boolean;
}

/**
 * How long the vectors are that words begin with; undefined where none are given.
 *
 * @param readsWords whether the task's options have it read words
 * @param mend what to set so that it does
 * @throws {UnrolledError} `UNROLLED_VALUE` where no words are read, there is none, or nothing that could be frozen.
 */
export function checkWordVectors(
  where: string,
  { wordVectors, freezeWordVectors }: GivenWordVectors,
  readsWords: boolean,
  mend = 'tokens: "word"',
): number | undefined {
  if (!wordVectors) {
    if (!freezeWordVectors) return undefined;
    throw new UnrolledError("UNROLLED_VALUE", `${where}: \`freezeWordVectors\` needs \`wordVectors\`.`);
  }
  if (!readsWords) throw new UnrolledError("UNROLLED_VALUE", `${where}: \`wordVectors\` are for words; set ${mend} too.`);
  const isMap = wordVectors instanceof Map;
  const [first] = isMap ? wordVectors.values() : [];
  if (first) return first.length;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${where}: \`wordVectors\` must be a Map with at least one word, received ${isMap ? "an empty one" : typeof wordVectors}.`,
  );
}

/**
 * Features of a word's vector: as many as were asked for, else those of the vectors that are given.
 *
 * @param name the option that asks for them
 * @throws {UnrolledError} `UNROLLED_VALUE` where both differ, or they are out of range.
 */
export function unitsOfVectors(
  where: string,
  name: string,
  asked: number | undefined,
  given: number | undefined,
  fallback: number,
): number {
  const units = checkCount(where, name, asked ?? given ?? fallback);
  if (given === undefined || units === given) return units;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${where}: \`${name}\` must be ${given}, as many as \`wordVectors\` have, received ${units}; leave ${name} out.`,
  );
}

/**
 * The vectors that words begin with, where some are given; how many were found is told.
 *
 * @param words by their index, the unknown one first
 * @throws {UnrolledError} `UNROLLED_DATA` as `vectorsOf`.
 */
export function startOfWords(
  where: string,
  words: readonly string[],
  options: GivenWordVectors & { readonly onNotice?: (notice: string) => void },
): WordStart {
  if (!options.wordVectors) return {};
  const { vectors, found, words: known } = vectorsOfWords(words, options.wordVectors, where);
  options.onNotice?.(`Vectors were found for ${found} of ${known} words.`);
  return { vectors, trainable: !options.freezeWordVectors };
}

/** What the model remembers of it. */
export function trainedWordVectors({ vectors, trainable }: WordStart): TrainedWordVectors {
  return vectors ? { wordsWithVectors: vectors.size, freezeWordVectors: !trainable } : {};
}

/** What a checkpoint knows it by. */
export function wordVectorsIdentity({ vectors }: WordStart): TrainingIdentity {
  return vectors ? { wordVectors: contentName(Array.from(vectors.values(), bitsOf)) } : {};
}

/** What a saved model remembers of it. */
export function readTrainedWordVectors(trained: JsonObject): TrainedWordVectors {
  return {
    ...(trained.has("wordsWithVectors") ? { wordsWithVectors: trained.integer("wordsWithVectors", { min: 1 }) } : {}),
    ...(trained.has("freezeWordVectors") ? { freezeWordVectors: trained.boolean("freezeWordVectors") } : {}),
  };
}

/** What the words of a saved model begin with: its weights come from its file. */
export function startOfSaved({ freezeWordVectors }: TrainedWordVectors): WordStart {
  return { trainable: freezeWordVectors !== true };
}

function bitsOf({ buffer, byteOffset, length }: Float32Array): Int32Array {
  return new Int32Array(buffer, byteOffset, length);
}
