import { LanguageModel } from "../language-model.js";
import type { LanguageModelOptions } from "../options.js";
import { whaleTalk } from "./whale-talk.js";

export const text = whaleTalk(1500, 1);

/** Small, and trained in about a second to know its few words. */
export function trainSmall(options: LanguageModelOptions = {}): Promise<LanguageModel> {
  return LanguageModel.train(text, {
    units: 32,
    embeddingUnits: 8,
    batchSize: 8,
    sequenceLength: 32,
    epochs: 6,
    learningRate: 0.01,
    seed: 7,
    ...options,
  });
}
