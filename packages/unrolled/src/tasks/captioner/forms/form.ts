import type { Sequential } from "../../../layers/sequential.js";
import type { Seed } from "../../../tensor/random.js";
import type { CellName } from "../../cell-name.js";
import type { SourceSide } from "../../writing/source-side.js";
import type { CaptionerInput, CaptionerInputName } from "../examples.js";

/** What an encoder is made of, whatever it reads. */
export interface EncoderArchitecture {
  readonly cell: CellName;
  /** Features of what the decoder attends to. */
  readonly units: number;
  /** Features of a token's vector. */
  readonly embeddingUnits: number;
  readonly dropout: number;
}

/** How inputs of one kind become what an encoder reads, and the encoder. */
export interface CaptionerForm extends SourceSide<CaptionerInput> {
  readonly name: CaptionerInputName;
  /** What reads them, and gives `units` features at each place. */
  encoder(architecture: EncoderArchitecture, seed: Seed): Sequential;
}

/** Looks at the training inputs one by one, and makes the form that they call for. */
export interface FormSurvey {
  add(where: string, input: CaptionerInput): void;
  finish(where: string): CaptionerForm;
}
