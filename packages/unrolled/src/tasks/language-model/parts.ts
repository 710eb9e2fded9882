import type { Vocabulary } from "../../data/text/vocabulary.js";
import type { Sequential } from "../../layers/sequential.js";
import type { TrainingHistory } from "../../training/history.js";
import type { LanguageModelArchitecture } from "./options.js";

/** What a model was made and trained with. */
export interface TrainedWith extends LanguageModelArchitecture {
  readonly batchSize: number;
  readonly sequenceLength: number;
  readonly learningRate: number;
  readonly clipNorm: number;
  readonly seed: number;
  readonly trainCharacters: number;
  readonly validationCharacters: number;
}

/** What a language model consists of. */
export interface LanguageModelParts {
  readonly network: Sequential;
  readonly vocabulary: Vocabulary;
  readonly trainedWith: TrainedWith;
  readonly history: TrainingHistory;
}
