import type { TokenUnit } from "../../data/text/tokenizer.js";
import type { TrainingProgress } from "../../training/history.js";
import type { Writer } from "./sampling.js";

/** Where training is, after every optimizer step. */
export interface LanguageModelProgress {
  /** From 1. */
  epoch: number;
  /** How many there will be. */
  epochs: number;
  /** Steps taken, over all epochs. */
  step: number;
  /** Steps there will be, over all epochs. */
  steps: number;
  /** Nats per token, exponential mean over about the last 50 steps. */
  loss: number;
  /** The newest one measured, nats per token. */
  validationLoss: number | undefined;
  /** Global norm before clipping. */
  gradientNorm: number;
  /** Steps whose gradient was not finite, so that no weight was changed. */
  skippedSteps: number;
  /** What a token is. */
  tokens: TokenUnit;
  /** Tokens trained on per second, since training began. */
  tokensPerSecond: number;
  /** Since training began. */
  seconds: number;
  /** Estimated from the time so far. */
  secondsLeft: number;
  /** As trained so far: can be asked for a sample. */
  model: Writer;
}

export function progressOf(
  progress: TrainingProgress,
  tokens: TokenUnit,
  tokensPerStep: number,
  model: Writer,
): LanguageModelProgress {
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
    tokens,
    tokensPerSecond: (step * tokensPerStep) / seconds,
    seconds,
    secondsLeft: progress.secondsLeft ?? 0,
    model,
  };
}
