import { UnrolledError } from "../errors.js";
import { checkCount, checkKnown } from "../layers/options.js";
import type { Sequential } from "../layers/sequential.js";
import type { Batch, Data } from "./batch.js";
import type { Checkpoint } from "./checkpoint.js";
import type { TrainingHistory, TrainingProgress } from "./history.js";
import type { Loss } from "./losses/loss.js";
import { checkRange, type Optimizer } from "./optimizers/optimizer.js";
import { Training } from "./training.js";

export interface FitOptions {
  loss: Loss;
  optimizer: Optimizer;
  /** How often the data is gone through. Default: 1. */
  epochs?: number;
  /** Ends training after that many optimizer steps, whatever the epochs. Default: no limit. */
  steps?: number;
  /** Gradients are scaled down to this global norm. Default: no clipping. */
  clipNorm?: number;
  /** Data whose loss is measured after every epoch, and every `validateEvery` steps. */
  validation?: Data<Batch>;
  /** Default: after every epoch alone. */
  validateEvery?: number;
  /** Calls `onCheckpoint` every so many steps. Default: at the end alone. */
  checkpointEvery?: number;
  /** Called with all that is needed to go on from here, at the end too, interrupted or not. Training waits for it. */
  onCheckpoint?: (checkpoint: Checkpoint) => void | Promise<void>;
  /** Goes on from a checkpoint: with the same data and options this gives the very bits of a run that was never interrupted. */
  resumeFrom?: Checkpoint;
  /** Ends training after the step at hand; `history.interrupted` tells. */
  signal?: AbortSignal;
  /** Called after every step. */
  onProgress?: (progress: TrainingProgress) => void;
}

const OPTIONS = [
  "loss",
  "optimizer",
  "epochs",
  "steps",
  "clipNorm",
  "validation",
  "validateEvery",
  "checkpointEvery",
  "onCheckpoint",
  "resumeFrom",
  "signal",
  "onProgress",
];

/**
 * Trains a network. Each step: the loss of a batch, its gradients, clipping, the optimizer. Where a batch continues the one before,
 * states are carried over and gradients end at its beginning (truncated backpropagation through time). Gives way to other work of the
 * page or server about 25 times a second.
 *
 * @throws {UnrolledError} `UNROLLED_NOT_FINITE` where the loss is NaN or infinite, before any weight is changed by it, and where ten
 * gradients in a row are; `UNROLLED_DATA` where the data is empty; `UNROLLED_VALUE` for an option that is missing, unknown or out of range;
 * `UNROLLED_SHAPE`, `UNROLLED_INDEX` or `UNROLLED_DTYPE` where a batch doesn't fit the network; `UNROLLED_STATE_DICT` or
 * `UNROLLED_VALUE` where a checkpoint doesn't.
 */
export async function fit(network: Sequential, data: Data<Batch>, options: FitOptions): Promise<TrainingHistory> {
  return await new Training(network, data, checked(options)).run();
}

function checked(options: FitOptions): FitOptions {
  checkKnown("fit", options, OPTIONS);
  if (typeof options.loss?.of !== "function") throw noSuchObject("loss", "a loss such as crossEntropy()", options.loss);
  if (typeof options.optimizer?.update !== "function") {
    throw noSuchObject("optimizer", "an optimizer such as adam()", options.optimizer);
  }
  for (const name of ["epochs", "steps", "validateEvery", "checkpointEvery"] as const) {
    if (options[name] !== undefined) checkCount("fit", name, options[name]);
  }
  checkNeeds(options, "validateEvery", "validation");
  checkNeeds(options, "checkpointEvery", "onCheckpoint");
  if (options.clipNorm !== undefined) checkRange("fit", "clipNorm", options.clipNorm, Number.MIN_VALUE, Number.POSITIVE_INFINITY);
  return options;
}

function noSuchObject(name: string, expected: string, received: unknown): UnrolledError {
  const what = typeof received === "string" ? JSON.stringify(received) : typeof received;
  return new UnrolledError("UNROLLED_VALUE", `fit: \`${name}\` must be ${expected}, received ${what}.`);
}

function checkNeeds(options: FitOptions, name: "validateEvery" | "checkpointEvery", needed: "validation" | "onCheckpoint"): void {
  if (options[name] === undefined || options[needed] !== undefined) return;
  throw new UnrolledError("UNROLLED_VALUE", `fit: \`${name}\` needs \`${needed}\`, received none.`);
}
