import type { TokenUnit } from "../../data/text/tokenizer.js";
import type { TrainingProgress } from "../../training/history.js";
import { type StepProgress, stepProgress } from "../progress.js";
import type { Writer } from "./sampling.js";

/** Where training is, after every optimizer step. Losses are nats per token. */
export interface LanguageModelProgress extends StepProgress {
  /** Steps there will be, over all epochs. */
  steps: number;
  /** Estimated from the time so far. */
  secondsLeft: number;
  /** What a token is. */
  tokens: TokenUnit;
  /** Tokens trained on per second, since training began. */
  tokensPerSecond: number;
  /** As trained so far: can be asked for a sample. */
  model: Writer;
}

export function progressOf(
  progress: TrainingProgress,
  tokens: TokenUnit,
  tokensPerStep: number,
  model: Writer,
): LanguageModelProgress {
  const { step, steps = step, seconds, secondsLeft = 0 } = progress;
  return { ...stepProgress(progress), steps, secondsLeft, tokens, tokensPerSecond: (step * tokensPerStep) / seconds, model };
}
