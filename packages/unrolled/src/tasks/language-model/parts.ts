import type { Vocabulary } from "../../data/text/vocabulary.js";
import type { Sequential } from "../../layers/sequential.js";
import type { TrainingHistory } from "../../training/history.js";
import type { TrainedWordVectors } from "../word-vectors.js";
import type { LanguageModelArchitecture, LanguageModelTokens } from "./options.js";

/** What a model's tokens are. */
export interface TrainedTokens extends Omit<LanguageModelTokens, "vocabularySize">, TrainedWordVectors {
  /** How many tokens were learned at most, where that was limited. */
  readonly vocabularySize?: number;
}

/** What a model was made and trained with. */
export interface TrainedWith extends LanguageModelArchitecture, TrainedTokens {
  /** Streams read side by side. */
  readonly batchSize: number;
  /** Steps that gradients reached back. */
  readonly sequenceLength: number;
  /** What changed the weights: `adam`, `sgd`, … */
  readonly optimizer: string;
  /** The optimizer's. */
  readonly learningRate: number;
  /** Global norm that gradients were scaled down to. */
  readonly clipNorm: number;
  /** Of initial weights and dropout. */
  readonly seed: number;
  /** Length of the text trained on, in tokens. */
  readonly trainTokens: number;
  /** Length of the text that the validation loss was measured on, in tokens. */
  readonly validationTokens: number;
}

/** What a language model consists of. */
export interface LanguageModelParts {
  readonly network: Sequential;
  readonly vocabulary: Vocabulary;
  readonly trainedWith: TrainedWith;
  readonly history: TrainingHistory;
}
