/**
 * Whole jobs: examples in, decoded answers out. A task trains, evaluates, predicts, saves and loads.
 *
 * @module unrolled/tasks
 */

export type { TokenUnit } from "../data/text/tokenizer.js";
export { Vocabulary, type VocabularyOptions } from "../data/text/vocabulary.js";
export type { CellName } from "./cell-name.js";
export { LanguageModel, type LanguageModelMetrics } from "./language-model/language-model.js";
export { type NgramBaseline, ngramBaseline } from "./language-model/ngram.js";
export type { LanguageModelArchitecture, LanguageModelOptions, LanguageModelTokens } from "./language-model/options.js";
export type { TrainedWith } from "./language-model/parts.js";
export type { LanguageModelProgress } from "./language-model/progress.js";
export type { GenerateOptions, Writer } from "./language-model/sampling.js";
export { splitText } from "./language-model/split.js";
export type { LanguageModelStream } from "./language-model/stream.js";
export { loadModel } from "./load-model.js";
export type { StepProgress, TaskProgress } from "./progress.js";
export type { TrainingOptions } from "./training-options.js";
