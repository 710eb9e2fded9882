import { LanguageModel, type LanguageModelOptions } from "unrolled/tasks";
import { nameOf } from "../display/quantities.js";
import type { TrainingHooks } from "../training/training-run.js";

/** About a line of characters. */
const SAMPLE = {
  char: { length: 100, temperature: 0.7 },
  word: { length: 20, temperature: 0.7 },
  piece: { length: 30, temperature: 0.7 },
};

/** What trains a language model on a text, as `trainAndSave` calls it. */
export function languageModelTraining(
  text: string,
  options: Omit<LanguageModelOptions, "signal" | "onProgress" | "onNotice">,
): (hooks: TrainingHooks) => Promise<LanguageModel> {
  return ({ signal, onNotice, onStep }) =>
    LanguageModel.train(text, {
      ...options,
      signal,
      onNotice,
      onProgress: ({ tokens, tokensPerSecond, model, ...step }) => {
        const progress = { ...step, unit: `${nameOf(tokens)}s`, perSecond: tokensPerSecond };
        onStep(progress, () => model.sample("", SAMPLE[tokens]));
      },
    });
}
