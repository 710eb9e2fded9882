import { nameOf, type Vocabulary } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";
import type { NetworkState } from "../../layers/carried-state.js";
import type { NetworkStream } from "../../layers/stream.js";

/** A language model that reads one token at a time, a character, a word or a piece, in constant memory. */
export class LanguageModelStream {
  readonly #stream: NetworkStream;
  readonly #vocabulary: Vocabulary;

  /** @internal */
  constructor(stream: NetworkStream, vocabulary: Vocabulary) {
    this.#stream = stream;
    this.#vocabulary = vocabulary;
  }

  /**
   * Reads a token (one that the model doesn't know counts as unknown) or its index, and gives the logits of the next: a number for each
   * entry of `vocabulary.symbols`, a copy or written into `out`.
   *
   * @throws {UnrolledError} `UNROLLED_VALUE` where the text is not one token.
   */
  step(token: string | number, out = new Float32Array(this.#vocabulary.size)): Float32Array {
    const indices = typeof token === "number" ? [token] : this.#vocabulary.encode(token);
    if (indices.length !== 1) {
      const one = `one ${nameOf(this.#vocabulary.tokens)}`;
      throw new UnrolledError("UNROLLED_VALUE", `stream: expected ${one}, received ${JSON.stringify(token)}.`);
    }
    return this.#stream.step(indices, out);
  }

  /** The states after the last token: a copy. Setting them continues from there. */
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
