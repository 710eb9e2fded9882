import type { TokenUnit, TranslatorOptions } from "unrolled/tasks";
import type { ColumnArguments } from "../examples/open-records.js";
import { givenOptions } from "../given-options.js";
import type { TrainOptions } from "../training/options.js";
import { sharedTaskOptions } from "../training/task-options.js";

/** What `train translator` can be told. */
export interface TranslatorTrainOptions extends TrainOptions, ColumnArguments {
  tokens?: TokenUnit;
  sourceTokens?: TokenUnit;
  targetTokens?: TokenUnit;
  splitPunctuation: boolean;
  lowerCase?: boolean;
  minimumCount?: number;
  vocabularySize?: number;
  bidirectional?: boolean;
  attention?: "dot" | "general" | "concat" | "bahdanau";
  labelSmoothing?: number;
  scheduledSampling?: number;
  patience?: number;
  beam?: number;
}

/** The task's options for what the command line says; what it doesn't say, the task chooses. */
export function translatorOptions(options: TranslatorTrainOptions, seed: number): TranslatorOptions {
  const { tokens, sourceTokens, targetTokens, splitPunctuation, lowerCase, minimumCount, vocabularySize } = options;
  const { bidirectional, attention, dropout, labelSmoothing, scheduledSampling, patience } = options;
  return {
    ...sharedTaskOptions(options),
    ...givenOptions({ tokens, sourceTokens, targetTokens, lowerCase, minimumCount, vocabularySize }),
    ...givenOptions({ bidirectional, attention, dropout, labelSmoothing, scheduledSampling, patience }),
    splitPunctuation,
    seed,
  };
}
