import type { TrainingHistory } from "../../training/history.js";
import type { TrainedWordVectors } from "../word-vectors.js";
import type { InputForm } from "./input-form.js";
import type { Labels } from "./labels.js";
import type { ClassifierNetwork } from "./network.js";
import type { ClassifierArchitecture } from "./options.js";

/** What a classifier was made and trained with. */
export interface ClassifierTrainedWith extends ClassifierArchitecture, TrainedWordVectors {
  /** How much of a target's probability was spread over all classes. */
  readonly labelSmoothing: number;
  /** What each class counted for. */
  readonly classWeights?: Readonly<Record<string, number>>;
  /** Examples of a step. */
  readonly batchSize: number;
  /** What changed the weights: `adam`, `sgd`, … */
  readonly optimizer: string;
  /** The optimizer's. */
  readonly learningRate: number;
  /** Global norm that gradients were scaled down to. */
  readonly clipNorm: number;
  /** Of initial weights, dropout, the order of examples and the split. */
  readonly seed: number;
  /** How many examples were trained on. */
  readonly trainExamples: number;
  /** How many the validation loss was measured on. */
  readonly validationExamples: number;
}

/** What a classifier consists of. */
export interface ClassifierParts {
  readonly network: ClassifierNetwork;
  readonly form: InputForm;
  readonly labels: Labels;
  /** How many training examples have each label. */
  readonly labelCounts: readonly number[];
  readonly trainedWith: ClassifierTrainedWith;
  readonly history: TrainingHistory;
}
