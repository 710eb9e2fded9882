import type { EncoderDecoder } from "../../layers/encoder-decoder.js";
import type { TrainingHistory } from "../../training/history.js";
import type { TextSide } from "../writing/text-side.js";
import type { WriterTrainedWith } from "../writing/trained-with.js";
import type { CaptionerInputName } from "./examples.js";
import type { CaptionerForm } from "./forms/form.js";
import type { ImageArchitecture } from "./image-encoder.js";

/** What a captioner was made and trained with. */
export interface CaptionerTrainedWith extends WriterTrainedWith {
  /** What it writes about. */
  readonly input: CaptionerInputName;
  /** What reads pictures, where it does. */
  readonly image?: Readonly<ImageArchitecture>;
}

/** What a captioner consists of. */
export interface CaptionerParts {
  readonly network: EncoderDecoder;
  readonly source: CaptionerForm;
  readonly target: TextSide;
  readonly trainedWith: CaptionerTrainedWith;
  readonly history: TrainingHistory;
}
