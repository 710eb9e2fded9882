import { type Command, Option } from "commander";
import type { TokenUnit } from "unrolled/tasks";
import { givenOptions } from "../given-options.js";
import { decimalNumber, wholeNumber } from "../option-values.js";

/** What the trainings of models that write texts can be told. */
export interface WriterTrainOptions {
  tokens?: TokenUnit;
  splitPunctuation: boolean;
  lowerCase?: boolean;
  minimumCount?: number;
  vocabularySize?: number;
  attention?: "dot" | "general" | "concat" | "bahdanau";
  labelSmoothing?: number;
  scheduledSampling?: number;
  beam?: number;
}

/** An option whose values are what texts are read or written by. */
export function unitOption(flags: string, text: string): Option {
  return new Option(flags, text).choices(["char", "word", "piece"]);
}

/** Adds what tokens of texts are, besides their unit. */
export function addTokenOptions(command: Command): Command {
  return command
    .option("--no-split-punctuation", "spaces part words and marks already")
    .option("--lower-case", "upper case is read and written as lower case")
    .option(
      "--minimum-count <count>",
      "rarer tokens are one unknown token (default: 1 of characters, 2 of words)",
      wholeNumber({ minimum: 1 }),
    )
    .option(
      "--vocabulary-size <count>",
      "tokens of a side at most, the most frequent ones (default: 30,000)",
      wholeNumber({ minimum: 2 }),
    );
}

/** Adds how the writer finds what it reads. */
export function addAttentionOption(command: Command): Command {
  const kinds = ["dot", "general", "concat", "bahdanau"];
  return command.addOption(
    new Option("--attention <kind>", "how the writer finds what it reads (default: general)").choices(kinds),
  );
}

/** Adds how writing is learned. */
export function addWritingOptions(command: Command): Command {
  const rate = decimalNumber({ minimum: 0, below: 1 });
  return command
    .option("--label-smoothing <share>", "share of a target's probability that is spread over all tokens (default: 0)", rate)
    .option(
      "--scheduled-sampling <share>",
      "share of tokens that the writer reads of its own in the last epoch (default: 0)",
      rate,
    );
}

/** Adds how answers are searched for when the model is measured. */
export function addMeasuringBeamOption(command: Command): Command {
  return command.option(
    "--beam <width>",
    "beginnings that are followed side by side when it is measured (default: 5)",
    wholeNumber({ minimum: 1 }),
  );
}

/** The tasks' options for what the command line says. */
export function writerOptions(options: WriterTrainOptions) {
  const { tokens, lowerCase, minimumCount, vocabularySize, attention, labelSmoothing, scheduledSampling } = options;
  return {
    ...givenOptions({ tokens, lowerCase, minimumCount, vocabularySize, attention, labelSmoothing, scheduledSampling }),
    splitPunctuation: options.splitPunctuation,
  };
}
