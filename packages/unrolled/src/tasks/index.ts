export { Vocabulary } from "../data/text/vocabulary.js";
export { LanguageModel, type LanguageModelMetrics, type LanguageModelProgress } from "./language-model/language-model.js";
export { type NgramBaseline, ngramBaseline } from "./language-model/ngram.js";
export type { CellName, LanguageModelArchitecture, LanguageModelOptions } from "./language-model/options.js";
export type { GenerateOptions } from "./language-model/sampling.js";
export { splitText } from "./language-model/split.js";
export type { TrainedWith } from "./language-model/stored.js";
export type { LanguageModelStream } from "./language-model/stream.js";
export { loadModel } from "./load-model.js";
