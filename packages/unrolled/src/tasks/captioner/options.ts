import type { Data } from "../../data/data.js";
import { UnrolledError } from "../../errors.js";
import { checkCount, checkKnown } from "../../layers/options.js";
import { type ResolvedTraining, resolveTraining, TRAINING_OPTIONS, type TrainingOptions } from "../training-options.js";
import type { WriterArchitecture } from "../writing/decoder-network.js";
import { resolveWriter, WRITER_OPTIONS, type WriterTraining } from "../writing/options.js";
import { resolveTokens, type TextTokens, TOKEN_OPTIONS } from "../writing/tokens.js";
import type { CaptionerExample, CaptionerInputName } from "./examples.js";
import type { ImageArchitecture } from "./image-encoder.js";
import type { CaptionerProgress } from "./progress.js";

/**
 * How a captioner is made and trained. By default in at most 20 epochs, which end where the validation loss has not fallen for 3, with 64 examples a step
 * and a learning rate of 0.002. `filters` and `kernelSize` are for pictures alone, `encoderLayers` for these and for sentences.
 */
export interface CaptionerOptions
  extends Partial<WriterArchitecture>,
    Partial<ImageArchitecture>,
    Partial<TextTokens>,
    Partial<WriterTraining>,
    TrainingOptions<Data<CaptionerExample>, CaptionerProgress> {
  /** Examples in memory at a time, out of which they are drawn in a random order, where the data is a function. Default: 10,000. */
  shuffleBuffer?: number;
}

/** Options with their defaults filled in. */
export type ResolvedOptions = WriterArchitecture &
  WriterTraining &
  ResolvedTraining<Data<CaptionerExample>, CaptionerProgress> & { readonly shuffleBuffer: number };

const WHERE = "Captioner.train";
const IMAGE_OPTIONS = ["filters", "kernelSize", "encoderLayers"] as const;
const OWN = [...IMAGE_OPTIONS, "shuffleBuffer"] as const;
const DEFAULTS = { epochs: 20, batchSize: 64, learningRate: 2e-3, patience: 3 };

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range, whatever the data. */
export function checkOptions(options: CaptionerOptions): void {
  resolveOptions(options, 1);
  resolveImage(options);
  resolveTokens(WHERE, options);
}

/** @param examples how many there are to train on */
export function resolveOptions(options: CaptionerOptions, examples: number): ResolvedOptions {
  checkKnown(WHERE, options, [...WRITER_OPTIONS, ...TOKEN_OPTIONS, ...OWN, ...TRAINING_OPTIONS]);
  return {
    ...resolveTraining(WHERE, options, DEFAULTS, "examples"),
    ...resolveWriter(WHERE, options, examples),
    shuffleBuffer: checkCount(WHERE, "shuffleBuffer", options.shuffleBuffer ?? 10_000),
  };
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option of pictures that is out of range. */
export function resolveImage(options: CaptionerOptions): ImageArchitecture {
  const { filters = [16, 32], kernelSize = 3, encoderLayers = 1, units } = options;
  const isCount = (count: number) => Number.isSafeInteger(count) && count >= 1;
  if (!Array.isArray(filters) || filters.length === 0 || !filters.every(isCount)) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${WHERE}: \`filters\` must be an array of whole numbers of at least 1, one for each convolution, received ${JSON.stringify(filters)}.`,
    );
  }
  checkCount(WHERE, "kernelSize", kernelSize);
  if (checkCount(WHERE, "encoderLayers", encoderLayers, 0) > 0 && units !== undefined && units % 2 !== 0) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${WHERE}: \`units\` must be even, since each direction of the encoder has half of them, received ${units}; or set encoderLayers: 0.`,
    );
  }
  return { filters, kernelSize, encoderLayers };
}

/**
 * How many recurrent layers read a sentence.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` where there are none.
 */
export function resolveSentence({ encoderLayers = 1 }: CaptionerOptions): number {
  return checkCount(WHERE, "encoderLayers", encoderLayers);
}

/** @throws {UnrolledError} `UNROLLED_VALUE` where an option is given for inputs that it says nothing about. */
export function checkFits(options: CaptionerOptions, name: CaptionerInputName): void {
  if (name === "image") return;
  const wrong = IMAGE_OPTIONS.find((option) => {
    return options[option] !== undefined && !(name === "sentence" && option === "encoderLayers");
  });
  if (!wrong) return;
  const fitting = wrong === "encoderLayers" ? "images and sentences" : "images";
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${WHERE}: \`${wrong}\` is for ${fitting}, and the examples have a ${name}; leave it out.`,
  );
}
