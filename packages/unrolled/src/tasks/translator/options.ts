import type { Data } from "../../data/data.js";
import { TOKEN_UNITS, type TokenUnit } from "../../data/text/tokenizer.js";
import { UnrolledError } from "../../errors.js";
import { checkCount, checkKnown } from "../../layers/options.js";
import { checkBoolean } from "../options.js";
import { type ResolvedTraining, resolveTraining, TRAINING_OPTIONS, type TrainingOptions } from "../training-options.js";
import type { WriterArchitecture } from "../writing/decoder-network.js";
import { resolveWriter, WRITER_OPTIONS, type WriterTraining } from "../writing/options.js";
import { resolveTokens, type TextTokens, TOKEN_OPTIONS } from "../writing/tokens.js";
import type { TranslatorExample } from "./examples.js";
import type { TranslatorProgress } from "./progress.js";

/** What a translator is made of. */
export interface TranslatorArchitecture extends WriterArchitecture {
  /** Stacked layers of the encoder. Default: as many as the decoder's. */
  encoderLayers: number;
  /** Whether the encoder reads in both directions, of half the units each. Default: true. */
  bidirectional: boolean;
}

/** How both sides become tokens, and which are learned. */
export interface TranslatorTokens extends TextTokens {
  /** Those of the source alone. Default: `tokens`. */
  sourceTokens: TokenUnit;
  /** Those of the target alone. Default: `tokens`. */
  targetTokens: TokenUnit;
}

/**
 * How a translator is made and trained. By default in at most 20 epochs, which end where the validation loss has not fallen for 3, with 64 pairs a step
 * and a learning rate of 0.002.
 */
export interface TranslatorOptions
  extends Partial<TranslatorArchitecture>,
    Partial<TranslatorTokens>,
    Partial<WriterTraining>,
    TrainingOptions<Data<TranslatorExample>, TranslatorProgress> {
  /** Examples in memory at a time, out of which they are drawn in a random order, where the data is a function. Default: 10,000. */
  shuffleBuffer?: number;
}

/** Options with their defaults filled in. */
export type ResolvedOptions = TranslatorArchitecture &
  Omit<TranslatorTokens, "tokens"> &
  WriterTraining &
  ResolvedTraining<Data<TranslatorExample>, TranslatorProgress> & { readonly shuffleBuffer: number };

const WHERE = "Translator.train";
const OWN = ["encoderLayers", "bidirectional", "sourceTokens", "targetTokens", "shuffleBuffer"] as const;
const DEFAULTS = { epochs: 20, batchSize: 64, learningRate: 2e-3, patience: 3 };

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range, whatever the data. */
export function checkOptions(options: TranslatorOptions): void {
  resolveOptions(options, 1);
}

/** @param examples how many there are to train on */
export function resolveOptions(options: TranslatorOptions, examples: number): ResolvedOptions {
  checkKnown(WHERE, options, [...WRITER_OPTIONS, ...TOKEN_OPTIONS, ...OWN, ...TRAINING_OPTIONS]);
  const writer = resolveWriter(WHERE, options, examples);
  const bidirectional = checkBoolean(WHERE, "bidirectional", options.bidirectional ?? true);
  if (bidirectional && writer.units % 2 !== 0) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${WHERE}: \`units\` must be even, since each direction of the encoder has half of them, received ${writer.units}; ` +
        "or set bidirectional: false.",
    );
  }
  const { tokens, ...learned } = resolveTokens(WHERE, options, [options.sourceTokens, options.targetTokens]);
  return {
    ...resolveTraining(WHERE, options, DEFAULTS, "examples"),
    ...writer,
    ...learned,
    sourceTokens: checkUnit("sourceTokens", options.sourceTokens ?? tokens),
    targetTokens: checkUnit("targetTokens", options.targetTokens ?? tokens),
    encoderLayers: checkCount(WHERE, "encoderLayers", options.encoderLayers ?? writer.layers),
    bidirectional,
    shuffleBuffer: checkCount(WHERE, "shuffleBuffer", options.shuffleBuffer ?? 10_000),
  };
}

function checkUnit(name: string, unit: TokenUnit): TokenUnit {
  if (TOKEN_UNITS.includes(unit)) return unit;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${WHERE}: \`${name}\` must be one of ${TOKEN_UNITS.join(", ")}, received ${JSON.stringify(unit)}.`,
  );
}
