import type { Data } from "../data/data.js";
import { UnrolledError } from "../errors.js";
import { checkCount, checkFunctions, checkKnown, checkRate, checkSignal } from "../layers/options.js";
import type { Batch } from "./batch.js";
import type { Checkpoint } from "./checkpoint.js";
import type { ClippingOptions } from "./clipping.js";
import type { EarlyStoppingOptions } from "./early-stopping.js";
import type { TrainingProgress } from "./history.js";
import type { Loss, SequenceLoss } from "./losses/loss.js";
import type { AnyMetric } from "./metrics/metric.js";
import type { Optimizer } from "./optimizers/optimizer.js";
import type { ReduceOnPlateauOptions } from "./schedules/reduce-on-plateau.js";
import type { Schedule } from "./schedules/schedule.js";

/** What `fit` can be told. Clipping by global norm, by the norm of each parameter and by value exclude each other. */
export interface FitOptions extends ClippingOptions {
  /** What is made small. */
  loss: Loss | SequenceLoss;
  /** What changes the weights. */
  optimizer: Optimizer;
  /** How often the data is gone through. Default: 1. */
  epochs?: number;
  /** Ends training after that many optimizer steps, whatever the epochs. Default: no limit. */
  steps?: number;
  /**
   * How many batches an epoch has, where the data is a function and that is known: progress then tells from the first epoch on how many steps
   * there will be.
   */
  batchesInEpoch?: number;
  /** Batches of an optimizer step, whose gradients are those of one large batch; an epoch's last step may have fewer. Default: 1. */
  accumulate?: number;
  /** What the optimizer's learning rate is multiplied by at each step. Default: 1. */
  schedule?: Schedule;
  /** Reduces the learning rate further where validation gets no better. */
  reduceOnPlateau?: ReduceOnPlateauOptions;
  /**
   * Keeps an exponential moving average of the weights over steps: how much of it is kept at each, from 0 to below 1 (0.999, say; less in
   * the first steps). Validation measures it, and the network has it in the end; until then it has the weights of the last step.
   */
  averageWeights?: number;
  /**
   * Measured on training and validation data along with the loss, from the same outputs; a dense layer before cross-entropy then holds all
   * its output instead of computing it in chunks. Default: none.
   */
  metrics?: readonly AnyMetric[];
  /** Data whose loss and metrics are measured after every epoch, and every `validateEvery` steps. */
  validation?: Data<Batch>;
  /** Default: after every epoch alone. */
  validateEvery?: number;
  /** Ends training where validation gets no better, and goes back to the best weights. */
  earlyStopping?: EarlyStoppingOptions;
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
  "batchesInEpoch",
  "accumulate",
  "schedule",
  "reduceOnPlateau",
  "clipNorm",
  "clipParameterNorm",
  "clipValue",
  "averageWeights",
  "metrics",
  "validation",
  "validateEvery",
  "earlyStopping",
  "checkpointEvery",
  "onCheckpoint",
  "resumeFrom",
  "signal",
  "onProgress",
];

/** Options that do nothing without another one. */
const NEEDS = [
  ["validateEvery", "validation"],
  ["earlyStopping", "validation"],
  ["reduceOnPlateau", "validation"],
  ["checkpointEvery", "onCheckpoint"],
] as const satisfies [keyof FitOptions, keyof FitOptions][];

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is missing, unknown, out of range, or useless without another one. */
export function checkFitOptions(options: FitOptions): FitOptions {
  checkKnown("fit", options, OPTIONS);
  const { loss, optimizer, schedule, metrics } = options;
  if (typeof (loss?.targets === "labels" ? loss.ofSequences : loss?.of) !== "function")
    throw noSuchValue("loss", "a loss such as crossEntropy()", loss);
  if (typeof optimizer?.update !== "function") throw noSuchValue("optimizer", "an optimizer such as adam()", optimizer);
  if (schedule !== undefined && typeof schedule !== "function") {
    throw noSuchValue("schedule", "a function such as cosineDecay({ steps: 1000 })", schedule);
  }
  if (metrics !== undefined && !Array.isArray(metrics)) throw noSuchValue("metrics", "an array such as [accuracy()]", metrics);
  checkFunctions("fit", options, ["onCheckpoint", "onProgress"]);
  checkSignal("fit", options.signal);
  for (const name of ["epochs", "steps", "batchesInEpoch", "accumulate", "validateEvery", "checkpointEvery"] as const) {
    if (options[name] !== undefined) checkCount("fit", name, options[name]);
  }
  if (options.averageWeights !== undefined) checkRate("fit", "averageWeights", options.averageWeights);
  for (const [name, needed] of NEEDS) {
    if (options[name] === undefined || options[needed] !== undefined) continue;
    throw new UnrolledError("UNROLLED_VALUE", `fit: \`${name}\` needs \`${needed}\`, received none.`);
  }
  return options;
}

function noSuchValue(name: string, expected: string, received: unknown): UnrolledError {
  const what = typeof received === "string" ? JSON.stringify(received) : typeof received;
  return new UnrolledError("UNROLLED_VALUE", `fit: \`${name}\` must be ${expected}, received ${what}.`);
}
