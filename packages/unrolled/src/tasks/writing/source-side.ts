import type { Source } from "../../layers/layer.js";

/** What a text is written about, as numbers. */
export interface EncodedInput {
  readonly values: Float32Array | Int32Array;
  /** Of an image, in pixels; of a text, in tokens with its end; 1 for others. */
  readonly width: number;
  /** A text for each place, which may be written where an answer has an unknown token; none where nothing can be copied. */
  readonly copied?: readonly string[];
}

/** How inputs become what an encoder reads: learned from the training data alone, and kept in the model's files. */
export interface SourceSide<I> {
  /** @throws {UnrolledError} `UNROLLED_DATA` where it is no such input, or none that fits those trained on. */
  encode(where: string, input: I): EncodedInput;
  /** Inputs side by side. */
  sourceOf(inputs: readonly EncodedInput[]): Source;
  /** What `config.json` keeps of it. */
  toJson(): object;
  /** What files of their own keep of it, by name. */
  readonly files: Readonly<Record<string, object>>;
}
