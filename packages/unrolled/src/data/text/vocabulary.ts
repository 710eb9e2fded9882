import { UnrolledError } from "../../errors.js";
import { checkKnown } from "../../options.js";
import { codePointsOf, REPLACEMENT } from "./characters.js";
import type { PieceTokenizer } from "./pieces/piece-tokenizer.js";
import { trainPieces } from "./pieces/train-pieces.js";
import { joined, type TextWriter, type Tokenizer, type TokenUnit } from "./tokenizer.js";
import { spacedWordTokenizer, wordTokenizer } from "./word-tokenizer.js";

/** How a vocabulary is made of a text. */
export interface VocabularyOptions {
  /** What the text is cut into. Default: char. */
  tokens?: TokenUnit;
  /** Whether punctuation marks are words by themselves, where `tokens` is word; false where spaces part all words. Default: true. */
  splitPunctuation?: boolean;
  /**
   * How often a token stands in the text at least; others are unknown. Default: 1. Of pieces, how often two stand side by side to become
   * one. Default: 2.
   */
  minimumCount?: number;
  /**
   * How many entries it has at most, that of unknown tokens included; the most frequent are taken. Default: no limit. Of pieces at least 257;
   * default: `pieceVocabularySize` of the text's length.
   */
  size?: number;
}

/**
 * The characters, words or pieces that a model knows, each with its index. Index 0 stands for everything that is not among them: `\uFFFD`
 * among characters, `<unk>` among words (and so it is read in a text) and pieces, of which that with id k has index k + 1. Pieces that were
 * learned by `Vocabulary.of` know every text.
 */
export class Vocabulary {
  /** What a text is cut into. */
  readonly tokens: TokenUnit;
  /** Whether punctuation marks are words by themselves. */
  readonly splitPunctuation: boolean;
  /** Characters, words or pieces in the order of their indices; pieces as they are spelled in a `tokenizer.json`, where `Ġ` is a space. */
  readonly symbols: readonly string[];
  /** What cuts a text into pieces, where tokens are pieces. */
  readonly tokenizer: PieceTokenizer | undefined;
  readonly #indices: ReadonlyMap<string, number>;
  /** Of characters by their code points, since texts of characters are long. */
  readonly #points: ReadonlyMap<number, number>;

  /**
   * @param known what `symbols` of another one are, or a tokenizer of pieces
   * @throws {UnrolledError} `UNROLLED_DATA` where a symbol is no single character (or word), stands twice, or the first is not the one for
   * unknown tokens; `UNROLLED_VALUE` for symbols of pieces.
   */
  constructor(
    known: readonly string[] | PieceTokenizer,
    options: { readonly tokens?: TokenUnit; readonly splitPunctuation?: boolean } = {},
  ) {
    checkKnown("vocabulary", options, ["tokens", "splitPunctuation"]);
    const { splitPunctuation = true } = options;
    if (!splitPunctuation && (!isSymbols(known) || options.tokens !== "word")) {
      throw new UnrolledError("UNROLLED_VALUE", 'vocabulary: `splitPunctuation: false` is about words; set tokens: "word" too.');
    }
    this.splitPunctuation = splitPunctuation;
    if (!isSymbols(known)) {
      this.tokens = "piece";
      this.tokenizer = known;
      this.symbols = [wordTokenizer.unknown, ...known.pieces];
      this.#indices = new Map();
      this.#points = new Map();
      return;
    }
    const symbols = known;
    const { tokens = "char" } = options;
    if (tokens === "piece") {
      throw new UnrolledError("UNROLLED_VALUE", "vocabulary: pieces are known by their tokenizer; give that instead of symbols.");
    }
    this.tokens = tokens;
    this.tokenizer = undefined;
    const indices = new Map<string, number>();
    for (const [index, symbol] of symbols.entries()) {
      if (!this.#isToken(symbol) || indices.has(symbol) || (index === 0) !== (symbol === this.#unknown)) {
        const unknown = tokens === "char" ? "\\uFFFD" : this.#unknown;
        throw new UnrolledError(
          "UNROLLED_DATA",
          `vocabulary: entry ${index} must be a single ${nameOf(tokens)} that stands only once, and ${unknown} the first; ` +
            `received ${JSON.stringify(symbol)}.`,
        );
      }
      indices.set(symbol, index);
    }
    if (symbols.length < 2) {
      throw new UnrolledError(
        "UNROLLED_DATA",
        `vocabulary: expected at least one ${nameOf(tokens)}, received ${symbols.length} entries.`,
      );
    }
    this.symbols = symbols;
    this.#indices = indices;
    this.#points =
      tokens === "char"
        ? new Map(Array.from(indices, ([symbol, index]) => [symbol.codePointAt(0) as number, index]))
        : new Map<number, number>();
  }

  /**
   * The characters of a text in the order of their code points, its words from the most frequent on, or pieces that are learned from it.
   *
   * @param text where tokens are characters, also its code points
   * @throws {UnrolledError} `UNROLLED_DATA` where no token is left, `UNROLLED_VALUE` for an unknown option, and where `size` is too small for
   * pieces.
   */
  static of(text: string | Int32Array, options: VocabularyOptions = {}): Vocabulary {
    checkKnown("vocabulary", options, ["tokens", "splitPunctuation", "minimumCount", "size"]);
    const { tokens = "char" } = options;
    if (tokens === "piece") return new Vocabulary(learnedPieces(text as string, options));
    const { splitPunctuation = true, minimumCount = 1, size = Number.POSITIVE_INFINITY } = options;
    const counts = tokens === "char" ? characterCounts(text) : wordCounts(text as string, tokenizerOf(options));
    const unknown = tokens === "char" ? "\ufffd" : wordTokenizer.unknown;
    counts.delete(unknown);
    const kept = [...counts]
      .filter(([, count]) => count >= minimumCount)
      .sort(([a, countA], [b, countB]) => countB - countA || inCodePoints(a, b))
      .slice(0, size - 1)
      .map(([symbol]) => symbol);
    return new Vocabulary([unknown, ...(tokens === "char" ? kept.sort(inCodePoints) : kept)], { tokens, splitPunctuation });
  }

  /** How many indices there are, that of unknown tokens included. */
  get size(): number {
    return this.symbols.length;
  }

  /** The index of every token of a text (of characters, also of its code points); 0 for unknown ones. */
  encode(text: string | Int32Array): Int32Array {
    if (this.tokens === "char") {
      const points = typeof text === "string" ? codePointsOf(text) : text;
      return points.map((point) => this.#points.get(point) ?? 0);
    }
    if (this.tokenizer) {
      const { unknown } = this.tokenizer.rules;
      return this.tokenizer.encode(text as string).map((id) => (id === unknown ? 0 : id + 1));
    }
    return Int32Array.from(this.split(text as string), (token) => this.#indices.get(token) ?? 0);
  }

  /** The index of a token as it stands in `symbols`; 0 for an unknown one. */
  indexOf(symbol: string): number {
    return this.tokenizer ? Math.max(0, this.symbols.indexOf(symbol, 1)) : (this.#indices.get(symbol) ?? 0);
  }

  /**
   * The tokens of a text, one for each index of `encode`. Pieces are what each adds to the text, so that together they are the text; one that
   * ends inside of a character is empty, and what completes it has the character.
   */
  split(text: string): string[] {
    if (this.tokens === "char") return Array.from(text);
    if (!this.tokenizer) return this.#tokenizer.split(text);
    const writer = this.writer();
    return Array.from(this.encode(text), (index) => writer.write(index));
  }

  /** The text of some indices: characters and pieces as they are, words with what stands between them. */
  decode(indices: Iterable<number>): string {
    if (this.tokenizer) {
      const writer = this.writer();
      return `${Array.from(indices, (index) => writer.write(index)).join("")}${writer.end()}`;
    }
    const tokens = Array.from(indices, (index) => this.symbols[index] ?? this.#unknown);
    return this.tokens === "char" ? tokens.join("") : joined(this.#tokenizer, tokens);
  }

  /**
   * Writes a text one token at a time.
   *
   * @param before the text that it goes on with: words know from its end whether a space is needed, and so do pieces
   */
  writer(before = ""): TextWriter {
    if (this.tokenizer) {
      const pieces = this.tokenizer.writer(before);
      return { write: (index) => pieces.write(index - 1), end: () => pieces.end() };
    }
    let last = /\s$/u.test(before) ? undefined : this.split(before).at(-1);
    return {
      write: (index) => {
        const token = this.symbols[index] ?? this.#unknown;
        const written = this.between(last, token) + token;
        last = token;
        return written;
      },
      end: () => "",
    };
  }

  /** What stands between two tokens of a text, `before` being undefined at its beginning. */
  between(before: string | undefined, token: string): string {
    return this.tokens === "word" ? this.#tokenizer.between(before, token) : "";
  }

  get #unknown(): string {
    return this.tokens === "char" ? "\ufffd" : wordTokenizer.unknown;
  }

  get #tokenizer(): Tokenizer {
    return tokenizerOf(this);
  }

  #isToken(symbol: string): boolean {
    if (this.tokens === "word") return this.#tokenizer.split(symbol)[0] === symbol;
    const points = codePointsOf(symbol);
    return points.length === 1 && (points[0] !== REPLACEMENT || symbol === "\ufffd");
  }
}

/** What a token is called where a person reads it. */
export function nameOf(tokens: TokenUnit): "character" | "word" | "piece" {
  return tokens === "char" ? "character" : tokens;
}

/**
 * How many entries a vocabulary of pieces has where nothing is said: four times the square root of the text's length in characters, from 500 to
 * 8,000; 4,000 for a million.
 */
export function pieceVocabularySize(characters: number): number {
  return Math.min(8000, Math.max(500, Math.round(4 * Math.sqrt(characters))));
}

/** The smallest vocabulary of pieces: one for each byte, and index 0. */
export const LEAST_PIECE_VOCABULARY = 257;

/** The pieces of a vocabulary, learned from a text or from counts of many texts' words. */
export function learnedPieces(text: string | ReadonlyMap<string, number>, options: VocabularyOptions): PieceTokenizer {
  const { size = pieceVocabularySize(lengthOf(text)), minimumCount = 2 } = options;
  return trainPieces(text, { size: size - 1, minimumCount });
}

/** In characters, roughly. */
function lengthOf(text: string | ReadonlyMap<string, number>): number {
  if (typeof text === "string") return text.length;
  let length = 0;
  for (const [word, count] of text) length += word.length * count;
  return length;
}

function isSymbols(known: readonly string[] | PieceTokenizer): known is readonly string[] {
  return Array.isArray(known);
}

function tokenizerOf({ splitPunctuation = true }: Pick<VocabularyOptions, "splitPunctuation">): Tokenizer {
  return splitPunctuation ? wordTokenizer : spacedWordTokenizer;
}

function characterCounts(text: string | Int32Array): Map<string, number> {
  const counts = new Map<number, number>();
  for (const point of typeof text === "string" ? codePointsOf(text) : text) counts.set(point, (counts.get(point) ?? 0) + 1);
  return new Map(Array.from(counts, ([point, count]) => [String.fromCodePoint(point), count]));
}

function wordCounts(text: string, tokenizer: Tokenizer): Map<string, number> {
  const counts = new Map<string, number>();
  for (const token of tokenizer.split(text)) counts.set(token, (counts.get(token) ?? 0) + 1);
  return counts;
}

function inCodePoints(a: string, b: string): number {
  const [left, right] = [codePointsOf(a), codePointsOf(b)];
  const differing = left.findIndex((point, index) => point !== right[index]);
  return differing < 0 ? left.length - right.length : (left[differing] as number) - (right[differing] ?? -1);
}
