import type { BestRecord } from "./early-stopping.js";
import type { MetricValues } from "./metrics/metric-means.js";

/** What training went through. */
export interface TrainingHistory {
  /** One entry an epoch, the last one perhaps of a part. */
  readonly epochs: readonly EpochRecord[];
  /** Optimizer steps taken. */
  readonly steps: number;
  /** Steps left out because the gradient was not finite. */
  readonly skippedSteps: number;
  /** How long it took, over all its parts where it was resumed. */
  readonly seconds: number;
  /** Whether a signal ended it early. */
  readonly interrupted: boolean;
  /** Where validation was best, with `earlyStopping`. */
  readonly best?: BestRecord;
  /** Whether validation ended it early, with `earlyStopping`. */
  readonly stoppedEarly?: boolean;
}

/** Before the first step. */
export const nothingYet: TrainingHistory = { epochs: [], steps: 0, skippedSteps: 0, seconds: 0, interrupted: false };

/** What an epoch came to. */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  /** Optimizer steps taken by its end. */
  readonly step: number;
  /** Mean training loss over the epoch, Σ w·loss / Σ w. */
  readonly loss: number;
  /** Metrics of the training data, in the order of training, so each batch by the weights of its time. */
  readonly metrics?: MetricValues;
  /** The newest validation loss. */
  readonly validationLoss?: number;
  /** The newest metrics of the validation data. */
  readonly validationMetrics?: MetricValues;
  /** Since training began. */
  readonly seconds: number;
}

/** Where training is, after every optimizer step. */
export interface TrainingProgress {
  /** From 1. */
  readonly epoch: number;
  /** How many there will be; Infinity where `steps` alone ends training. */
  readonly epochs: number;
  /** Steps taken, over all epochs. */
  readonly step: number;
  /** Steps in all; unknown in the first epoch where the data is a function. */
  readonly steps: number | undefined;
  /** Loss of this step's batch. */
  readonly loss: number;
  /** Exponential mean of the loss, over about the last 50 steps. */
  readonly meanLoss: number;
  /** Metrics of the epoch so far; empty without `metrics`. */
  readonly metrics: MetricValues;
  /** The newest validation loss. */
  readonly validationLoss: number | undefined;
  /** The newest metrics of the validation data. */
  readonly validationMetrics: MetricValues | undefined;
  /** Of this step. */
  readonly learningRate: number;
  /** Global norm before clipping. */
  readonly gradientNorm: number;
  /** Steps left out because the gradient was not finite. */
  readonly skippedSteps: number;
  /** Since training began. */
  readonly seconds: number;
  /** Estimated from the time so far; unknown where `steps` is. */
  readonly secondsLeft: number | undefined;
}
