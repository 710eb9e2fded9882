import type { Vocabulary } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";
import type { NetworkState } from "../../layers/carried-state.js";
import type { NetworkStream } from "../../layers/stream.js";

/** A language model that reads one character at a time, in constant memory. */
export class LanguageModelStream {
  readonly #stream: NetworkStream;
  readonly #vocabulary: Vocabulary;

  /** @internal */
  constructor(stream: NetworkStream, vocabulary: Vocabulary) {
    this.#stream = stream;
    this.#vocabulary = vocabulary;
  }

  /**
   * Reads a character (one that the model doesn't know counts as unknown), and gives the logits of the next: a number for each
   * entry of `vocabulary.symbols`, a copy or written into `out`.
   *
   * @throws {UnrolledError} `UNROLLED_VALUE` where the text is not one character.
   */
  step(character: string, out = new Float32Array(this.#vocabulary.size)): Float32Array {
    const indices = this.#vocabulary.encode(character);
    if (indices.length !== 1) {
      throw new UnrolledError("UNROLLED_VALUE", `stream: expected one character, received ${JSON.stringify(character)}.`);
    }
    return this.#stream.step(indices, out);
  }

  /** The states after the last character: a copy. Setting them continues from there. */
  get state(): NetworkState {
    return this.#stream.state;
  }

  set state(state: NetworkState) {
    this.#stream.state = state;
  }

  /** Begins a new text. */
  reset(): void {
    this.#stream.reset();
  }
}
