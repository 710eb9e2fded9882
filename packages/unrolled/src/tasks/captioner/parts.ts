import type { EncoderDecoder } from "../../layers/encoder-decoder.js";
import type { TrainingHistory } from "../../training/history.js";
import type { WriterArchitecture } from "../writing/decoder-network.js";
import type { TextSide } from "../writing/text-side.js";
import type { CaptionerInputName } from "./examples.js";
import type { CaptionerForm } from "./forms/form.js";
import type { ImageArchitecture } from "./image-encoder.js";

/** What a captioner was made and trained with. */
export interface CaptionerTrainedWith extends Readonly<WriterArchitecture> {
  /** What it writes about. */
  readonly input: CaptionerInputName;
  /** What reads pictures, where it does. */
  readonly image?: Readonly<ImageArchitecture>;
  /** How much of a target's probability was spread evenly over all tokens. */
  readonly labelSmoothing: number;
  /** Probability in the last epoch that the decoder read what it would have written instead of the target. */
  readonly scheduledSampling: number;
  /** Examples of a step. */
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
  /** Tokens of the text among them that has most characters, its end counted. */
  readonly longestText: number;
}

/** What a captioner consists of. */
export interface CaptionerParts {
  readonly network: EncoderDecoder;
  readonly form: CaptionerForm;
  readonly side: TextSide;
  readonly trainedWith: CaptionerTrainedWith;
  readonly history: TrainingHistory;
}
