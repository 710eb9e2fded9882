import type { EncoderDecoder } from "../../layers/encoder-decoder.js";
import type { TrainingHistory } from "../../training/history.js";
import type { TextSide } from "../writing/text-side.js";
import type { TextSource } from "../writing/text-source.js";
import type { WriterTrainedWith } from "../writing/trained-with.js";
import type { TranslatorArchitecture } from "./options.js";

/** What a translator was made and trained with. */
export type TranslatorTrainedWith = Readonly<TranslatorArchitecture> & WriterTrainedWith;

/** What a translator consists of. */
export interface TranslatorParts {
  readonly network: EncoderDecoder;
  readonly source: TextSource;
  readonly target: TextSide;
  readonly trainedWith: TranslatorTrainedWith;
  readonly history: TrainingHistory;
}
