import type { SpellingName, TaggerOptions, TokenUnit } from "unrolled/tasks";
import type { ColumnArguments } from "../examples/open-records.js";
import { givenOptions } from "../given-options.js";
import type { TrainOptions } from "../training/options.js";
import { sharedTaskOptions } from "../training/task-options.js";
import type { WordVectorArguments } from "../training/word-vectors.js";

/** What `train tagger` can be told. */
export interface TaggerTrainOptions extends TrainOptions, ColumnArguments, WordVectorArguments {
  lowerCase?: boolean;
  minimumCount?: number;
  /** What a word is read by besides itself. */
  tokens?: TokenUnit;
  vocabularySize?: number;
  /** A file. */
  tokenizer?: string;
  bidirectional?: boolean;
  crf?: boolean;
  wordUnits?: number;
  characterUnits?: number;
  wordDropout?: number;
  patience?: number;
}

const SPELLINGS: Readonly<Record<TokenUnit, SpellingName>> = { char: "characters", word: "none", piece: "pieces" };

/** The task's options for what the command line says; what it doesn't say, the task chooses. */
export function taggerOptions(options: TaggerTrainOptions, seed: number): TaggerOptions {
  const {
    lowerCase,
    minimumCount,
    tokens,
    vocabularySize,
    bidirectional,
    crf,
    wordUnits,
    characterUnits,
    wordDropout,
    dropout,
    patience,
  } = options;
  return {
    ...sharedTaskOptions(options),
    ...givenOptions({ lowercase: lowerCase, minimumCount, crf, wordUnits, characterUnits, wordDropout, dropout, patience }),
    ...givenOptions({ vocabularySize, spelling: tokens && SPELLINGS[tokens] }),
    ...(bidirectional === undefined ? {} : { bidirectional: bidirectional ? "concat" : false }),
    seed,
  };
}
