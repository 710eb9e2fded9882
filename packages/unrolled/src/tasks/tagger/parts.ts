import type { TrainingHistory } from "../../training/history.js";
import type { TrainedWordVectors } from "../word-vectors.js";
import type { MostFrequentTags } from "./baseline.js";
import type { Lexicon } from "./lexicon.js";
import type { TaggerNetwork } from "./network.js";
import type { TaggerArchitecture, TaggerWords } from "./options.js";

/** What a tagger was made and trained with. */
export interface TaggerTrainedWith extends Readonly<TaggerArchitecture>, Readonly<TaggerWords>, TrainedWordVectors {
  /** Sentences of a step. */
  readonly batchSize: number;
  /** What changed the weights: `adam`, `sgd`, … */
  readonly optimizer: string;
  /** The optimizer's. */
  readonly learningRate: number;
  /** Global norm that gradients were scaled down to. */
  readonly clipNorm: number;
  /** Of initial weights, dropout and the order of examples. */
  readonly seed: number;
  /** Whether the tags mark entities, in a scheme such as IOB2. */
  readonly marksEntities: boolean;
  /** How many examples were trained on. */
  readonly trainExamples: number;
  /** How many tokens those have. */
  readonly trainTokens: number;
}

/** The metric that `patience` watches on the validation data, and that the best weights are chosen by. */
export function watchedBy({ marksEntities }: Pick<TaggerTrainedWith, "marksEntities">): "f1" | "accuracy" {
  return marksEntities ? "f1" : "accuracy";
}

/** What a tagger consists of. */
export interface TaggerParts extends TaggerNetwork {
  readonly lexicon: Lexicon;
  readonly baseline: MostFrequentTags;
  readonly trainedWith: TaggerTrainedWith;
  readonly history: TrainingHistory;
}
