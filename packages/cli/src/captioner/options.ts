import { InvalidArgumentError } from "commander";
import type { CaptionerOptions } from "unrolled/tasks";
import type { ColumnArguments } from "../examples/open-records.js";
import { givenOptions } from "../given-options.js";
import { wholeNumber } from "../option-values.js";
import type { TrainOptions } from "../training/options.js";
import { sharedTaskOptions } from "../training/task-options.js";
import { type WriterTrainOptions, writerOptions } from "../training/writer-options.js";
import type { ImageReading } from "./examples.js";

/** What `train captioner` can be told. */
export interface CaptionerTrainOptions extends TrainOptions, ColumnArguments, WriterTrainOptions {
  imageHeight?: number;
  grey?: true;
  colour?: true;
  filters?: number[];
  kernelSize?: number;
  encoderLayers?: number;
  patience?: number;
}

/** The task's options for what the command line says; what it doesn't say, the task chooses. */
export function captionerOptions(options: CaptionerTrainOptions, seed: number): CaptionerOptions {
  const { filters, kernelSize, encoderLayers, dropout, patience } = options;
  return {
    ...sharedTaskOptions(options),
    ...writerOptions(options),
    ...givenOptions({ filters, kernelSize, encoderLayers, dropout, patience }),
    seed,
  };
}

/** How pictures are read by what the command line says. */
export function imageReading({ imageHeight, grey, colour }: CaptionerTrainOptions): ImageReading {
  return givenOptions({ height: imageHeight, channels: grey ? (1 as const) : colour ? (3 as const) : undefined });
}

/** Reads an option's value as whole numbers between commas: "16,32". */
export function wholeNumbers(text: string): number[] {
  const one = wholeNumber({ minimum: 1 });
  try {
    return text.split(",").map((part) => one(part.trim()));
  } catch {
    throw new InvalidArgumentError("Expected whole numbers of at least 1 with commas between them, such as 16,32.");
  }
}
