import type { Source } from "../../../layers/layer.js";
import type { Sequential } from "../../../layers/sequential.js";
import type { Seed } from "../../../tensor/random.js";
import type { CellName } from "../../cell-name.js";
import type { CaptionerInput, CaptionerInputName } from "../examples.js";

/** An input as numbers. */
export interface EncodedInput {
  readonly values: Float32Array | Int32Array;
  /** Of an image, in pixels; of a sentence, in tokens with its end; 1 for others. */
  readonly width: number;
}

/** What an encoder is made of, whatever it reads. */
export interface EncoderArchitecture {
  readonly cell: CellName;
  /** Features of what the decoder attends to. */
  readonly units: number;
  /** Features of a token's vector. */
  readonly embeddingUnits: number;
  readonly dropout: number;
}

/** How inputs of one kind become what an encoder reads: learned from the training data alone, and kept in the model's files. */
export interface CaptionerForm {
  readonly name: CaptionerInputName;
  /** @throws {UnrolledError} `UNROLLED_DATA` where it is no input of this kind, or none that fits those trained on. */
  encode(where: string, input: CaptionerInput): EncodedInput;
  /** Inputs side by side. */
  sourceOf(inputs: readonly EncodedInput[]): Source;
  /** What reads them, and gives `units` features at each place. */
  encoder(architecture: EncoderArchitecture, seed: Seed): Sequential;
  /** What `config.json` keeps of it. */
  toJson(): object;
  /** What files of their own keep of it, by name. */
  readonly files: Readonly<Record<string, object>>;
}

/** Looks at the training inputs one by one, and makes the form that they call for. */
export interface FormSurvey {
  add(where: string, input: CaptionerInput): void;
  finish(where: string): CaptionerForm;
}
