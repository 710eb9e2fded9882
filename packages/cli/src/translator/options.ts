import type { TokenUnit, TranslatorOptions } from "unrolled/tasks";
import type { ColumnArguments } from "../examples/open-records.js";
import { givenOptions } from "../given-options.js";
import type { TrainOptions } from "../training/options.js";
import { sharedTaskOptions } from "../training/task-options.js";
import { type WriterTrainOptions, writerOptions } from "../training/writer-options.js";

/** What `train translator` can be told. */
export interface TranslatorTrainOptions extends TrainOptions, ColumnArguments, WriterTrainOptions {
  sourceTokens?: TokenUnit;
  targetTokens?: TokenUnit;
  bidirectional?: boolean;
  patience?: number;
}

/** The task's options for what the command line says; what it doesn't say, the task chooses. */
export function translatorOptions(options: TranslatorTrainOptions, seed: number): TranslatorOptions {
  const { sourceTokens, targetTokens, bidirectional, dropout, patience } = options;
  return {
    ...sharedTaskOptions(options),
    ...writerOptions(options),
    ...givenOptions({ sourceTokens, targetTokens, bidirectional, dropout, patience }),
    seed,
  };
}
