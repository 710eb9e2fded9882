import type { EncoderDecoder } from "../../layers/encoder-decoder.js";
import type { TrainingHistory } from "../../training/history.js";
import type { TextSide } from "../writing/text-side.js";
import type { TranslatorArchitecture } from "./options.js";

/** What a translator was made and trained with. */
export interface TranslatorTrainedWith extends Readonly<TranslatorArchitecture> {
  /** How much of a target's probability was spread over all tokens. */
  readonly labelSmoothing: number;
  /** Probability in the last epoch that the decoder read what it would have written itself. */
  readonly scheduledSampling: number;
  /** Pairs of a step. */
  readonly batchSize: number;
  /** What changed the weights: `adam`, `sgd`, … */
  readonly optimizer: string;
  /** The optimizer's. */
  readonly learningRate: number;
  /** Global norm that gradients were scaled down to. */
  readonly clipNorm: number;
  /** Of initial weights, dropout and the order of examples. */
  readonly seed: number;
  /** How many examples were trained on. */
  readonly trainExamples: number;
  /** Tokens of the target among them that has most characters, its end counted. */
  readonly longestTarget: number;
}

/** What a translator consists of. */
export interface TranslatorParts {
  readonly network: EncoderDecoder;
  readonly source: TextSide;
  readonly target: TextSide;
  readonly trainedWith: TranslatorTrainedWith;
  readonly history: TrainingHistory;
}
