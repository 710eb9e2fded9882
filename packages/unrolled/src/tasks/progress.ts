import type { TrainingProgress } from "../training/history.js";
import type { MetricValues } from "../training/metrics/metric-means.js";

/** Where the training of any task is, after every optimizer step. */
export interface StepProgress {
  /** From 1. */
  epoch: number;
  /** How many there will be at most; Infinity where `steps` alone ends training. */
  epochs: number;
  /** Steps taken, over all epochs. */
  step: number;
  /** Steps there will be at most, over all epochs; unknown in the first epoch of data that is a function. */
  steps: number | undefined;
  /** The training loss, exponential mean over about the last 50 steps. */
  loss: number;
  /** The newest one measured. */
  validationLoss: number | undefined;
  /** Global norm before clipping. */
  gradientNorm: number;
  /** Steps whose gradient was not finite, so that no weight was changed. */
  skippedSteps: number;
  /** Since training began. */
  seconds: number;
  /** Estimated from the time so far; unknown where `steps` is. */
  secondsLeft: number | undefined;
}

/** Where the training of a task on examples is, after every optimizer step. */
export interface TaskProgress extends StepProgress {
  /** The task's own metrics on the training data, of the epoch so far. */
  metrics: MetricValues;
  /** The newest ones measured on the validation data. */
  validationMetrics: MetricValues | undefined;
  /** Examples trained on per second, since training began. */
  examplesPerSecond: number;
}

/** What all tasks tell of a step. */
export function stepProgress(progress: TrainingProgress): StepProgress {
  const { epoch, epochs, step, steps, meanLoss, validationLoss, gradientNorm, skippedSteps, seconds, secondsLeft } = progress;
  return { epoch, epochs, step, steps, loss: meanLoss, validationLoss, gradientNorm, skippedSteps, seconds, secondsLeft };
}

/** @param examplesInStep how many examples a step is made of, all but the last of an epoch */
export function taskProgress(progress: TrainingProgress, examplesInStep: number): TaskProgress {
  const { metrics, validationMetrics, step, seconds } = progress;
  return { ...stepProgress(progress), metrics, validationMetrics, examplesPerSecond: (step * examplesInStep) / seconds };
}
