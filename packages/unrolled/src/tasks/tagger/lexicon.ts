import type { Vocabulary } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";
import { tensor } from "../../tensor/create.js";
import type { Batch } from "../../training/batch.js";
import type { TaggerExample } from "./examples.js";

/** Stands in the place of words that aren't known. */
export const UNKNOWN = "<unk>";
/** Characters of a word, or pieces, that are read; of a longer one the first and the last half of them. */
const LONGEST_SPELLING = 32;

/** What a tagger knows: words, what they are spelled with, tags, each with its index. */
export interface LexiconParts {
  /** From the most frequent on, behind `<unk>` for all others; in small letters where case is not regarded. */
  readonly words: readonly string[];
  /** Characters or pieces; none where words are read alone. */
  readonly spelling: Vocabulary | undefined;
  /** From the most frequent on. */
  readonly tags: readonly string[];
  /** Whether words are looked up in small letters. */
  readonly lowercase: boolean;
}

/** Tokens, or tokens and tags, as indices. */
export interface EncodedSentence {
  /** [tokens, width], as the network's first layer reads them: a word and its spelling, or the word alone (width 1). */
  readonly x: Int32Array;
  readonly width: number;
  /** [tokens]; empty where there are no tags. */
  readonly y: Int32Array;
  readonly length: number;
}

/** Turns tokens and tags into indices, and back. */
export class Lexicon implements LexiconParts {
  readonly words: readonly string[];
  readonly spelling: Vocabulary | undefined;
  readonly tags: readonly string[];
  readonly lowercase: boolean;
  readonly #words: ReadonlyMap<string, number>;
  readonly #tags: ReadonlyMap<string, number>;

  /** @throws {UnrolledError} `UNROLLED_DATA` where a word or a tag stands twice, the first word is not `<unk>`, or there is no tag. */
  constructor({ words, spelling, tags, lowercase }: LexiconParts) {
    this.words = words;
    this.spelling = spelling;
    this.tags = tags;
    this.lowercase = lowercase;
    this.#words = new Map(words.map((word, index) => [word, index]));
    this.#tags = new Map(tags.map((tag, index) => [tag, index]));
    if (this.#words.size !== words.length || words[0] !== UNKNOWN) {
      throw new UnrolledError("UNROLLED_DATA", `lexicon: words must stand once each, ${UNKNOWN} the first.`);
    }
    if (this.#tags.size !== tags.length || tags.length === 0) {
      throw new UnrolledError("UNROLLED_DATA", "lexicon: expected at least one tag, each once.");
    }
  }

  /** Whether a token is among the words. */
  knows(token: string): boolean {
    return (this.#words.get(this.#wordOf(token)) ?? 0) > 0;
  }

  /**
   * An example as indices.
   *
   * @param at names it in an error
   * @throws {UnrolledError} `UNROLLED_DATA` for a tag that isn't known.
   */
  encode(at: string, { tokens, tags }: TaggerExample): EncodedSentence {
    const y = Int32Array.from(tags, (tag, place) => {
      const index = this.#tags.get(tag);
      if (index !== undefined) return index;
      throw new UnrolledError(
        "UNROLLED_DATA",
        `${at}: tag ${place} is ${JSON.stringify(tag)}, which is none of those in the training data: ${listed(this.tags)}.`,
      );
    });
    return { ...this.encodeTokens(tokens), y };
  }

  /** Tokens as indices. */
  encodeTokens(tokens: readonly string[]): EncodedSentence {
    const words = tokens.map((token) => this.#words.get(this.#wordOf(token)) ?? 0);
    const { spelling } = this;
    const spellings = spelling ? tokens.map((token) => spelled(spelling, token)) : [];
    const width = 1 + spellings.reduce((longest, { length }) => Math.max(longest, length), 0);
    const x = new Int32Array(tokens.length * width);
    for (const [place, word] of words.entries()) {
      x[place * width] = word;
      for (const [index, symbol] of (spellings[place] ?? []).entries()) x[place * width + 1 + index] = symbol + 1;
    }
    return { x, width, y: new Int32Array(0), length: tokens.length };
  }

  #wordOf(token: string): string {
    return this.lowercase ? token.toLowerCase() : token;
  }
}

/** Sentences side by side. `y` is 0 where they have no tags. */
export function batchOf(sentences: readonly EncodedSentence[]): Batch {
  const lengths = sentences.map(({ length }) => length);
  const time = Math.max(...lengths);
  const width = Math.max(...sentences.map((sentence) => sentence.width));
  const x = new Int32Array(sentences.length * time * width);
  const y = new Int32Array(sentences.length * time);
  for (const [index, sentence] of sentences.entries()) {
    y.set(sentence.y, index * time);
    for (let t = 0; t < sentence.length; t++) {
      x.set(sentence.x.subarray(t * sentence.width, (t + 1) * sentence.width), (index * time + t) * width);
    }
  }
  const shape = width === 1 ? [sentences.length, time] : [sentences.length, time, width];
  return { x: tensor(x, shape), y: tensor(y, [sentences.length, time]), lengths };
}

/** A token as pieces are read: as it stands in a text, behind a space, so that pieces that were learned elsewhere are those of words. */
export function asInText(token: string): string {
  return ` ${token}`;
}

/** What a token is spelled with; unknown where its pieces are none. */
function spelled(spelling: Vocabulary, token: string): Int32Array {
  const symbols = spelling.encode(spelling.tokens === "piece" ? asInText(token) : token);
  if (symbols.length === 0) return new Int32Array(1);
  if (symbols.length <= LONGEST_SPELLING) return symbols;
  const half = LONGEST_SPELLING / 2;
  return Int32Array.of(...symbols.subarray(0, half), ...symbols.subarray(-half));
}

function listed(tags: readonly string[]): string {
  const shown = tags.slice(0, 20).join(", ");
  return tags.length > 20 ? `${shown}, … (${tags.length})` : shown;
}
