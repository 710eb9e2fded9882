import type { Vocabulary } from "../../data/text/vocabulary.js";

/**
 * Texts of one side as indices that end: those of a vocabulary, and behind them one that ends a text, and begins it where it is written.
 */
export class TextSide {
  readonly vocabulary: Vocabulary;
  /** Whether upper case is read as lower case. */
  readonly lowerCase: boolean;

  constructor(vocabulary: Vocabulary, lowerCase: boolean) {
    this.vocabulary = vocabulary;
    this.lowerCase = lowerCase;
  }

  /** The index that ends a text. */
  get end(): number {
    return this.vocabulary.size;
  }

  /** How many indices there are. */
  get size(): number {
    return this.vocabulary.size + 1;
  }

  /** The indices of a text, the one that ends it behind them. */
  encode(text: string): Int32Array {
    const indices = this.vocabulary.encode(this.folded(text));
    const ended = new Int32Array(indices.length + 1).fill(this.end);
    ended.set(indices);
    return ended;
  }

  /** The tokens of a text. */
  split(text: string): string[] {
    return this.vocabulary.split(this.folded(text));
  }

  folded(text: string): string {
    return this.lowerCase ? text.toLowerCase() : text;
  }
}
