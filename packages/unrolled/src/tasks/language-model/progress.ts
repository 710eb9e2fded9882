import type { TrainingProgress } from "../../training/history.js";
import type { Writer } from "./sampling.js";

/** Where training is, after every optimizer step. */
export interface LanguageModelProgress {
  /** From 1. */
  epoch: number;
  epochs: number;
  /** Steps taken, over all epochs. */
  step: number;
  steps: number;
  /** Nats per character, exponential mean over about the last 50 steps. */
  loss: number;
  /** The newest one measured, nats per character. */
  validationLoss: number | undefined;
  /** Global norm before clipping. */
  gradientNorm: number;
  skippedSteps: number;
  charactersPerSecond: number;
  seconds: number;
  secondsLeft: number;
  /** As trained so far: can be asked for a sample. */
  model: Writer;
}

export function progressOf(progress: TrainingProgress, charactersPerStep: number, model: Writer): LanguageModelProgress {
  const { step, steps, seconds } = progress;
  return {
    epoch: progress.epoch,
    epochs: progress.epochs,
    step,
    steps: steps ?? step,
    loss: progress.meanLoss,
    validationLoss: progress.validationLoss,
    gradientNorm: progress.gradientNorm,
    skippedSteps: progress.skippedSteps,
    charactersPerSecond: (step * charactersPerStep) / seconds,
    seconds,
    secondsLeft: progress.secondsLeft ?? 0,
    model,
  };
}
