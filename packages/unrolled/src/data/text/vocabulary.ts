import { UnrolledError } from "../../errors.js";
import { checkKnown } from "../../options.js";
import { codePointsOf, REPLACEMENT } from "./characters.js";
import { joined, type Tokenizer, type TokenUnit } from "./tokenizer.js";
import { spacedWordTokenizer, wordTokenizer } from "./word-tokenizer.js";

/** How a vocabulary is made of a text. */
export interface VocabularyOptions {
  /** What the text is cut into. Default: char. */
  tokens?: TokenUnit;
  /** Whether punctuation marks are words by themselves, where `tokens` is word; false where spaces part all words. Default: true. */
  splitPunctuation?: boolean;
  /** How often a token stands in the text at least; others are unknown. Default: 1. */
  minimumCount?: number;
  /** How many entries it has at most, that of unknown tokens included; the most frequent are taken. Default: no limit. */
  size?: number;
}

/**
 * The characters, or words, that a model knows, each with its index. Index 0 stands for everything that is not among them: `\uFFFD`
 * among characters, `<unk>` among words (and so it is read in a text).
 */
export class Vocabulary {
  /** What a text is cut into. */
  readonly tokens: TokenUnit;
  /** Whether punctuation marks are words by themselves. */
  readonly splitPunctuation: boolean;
  /** Characters or words in the order of their indices. */
  readonly symbols: readonly string[];
  readonly #indices: ReadonlyMap<string, number>;
  /** Of characters by their code points, since texts of characters are long. */
  readonly #points: ReadonlyMap<number, number>;

  /**
   * @throws {UnrolledError} `UNROLLED_DATA` where a symbol is no single character (or word), stands twice, or the first is not the one for
   * unknown tokens.
   */
  constructor(symbols: readonly string[], options: Pick<VocabularyOptions, "tokens" | "splitPunctuation"> = {}) {
    checkKnown("vocabulary", options, ["tokens", "splitPunctuation"]);
    const { tokens = "char", splitPunctuation = true } = options;
    if (!splitPunctuation && tokens !== "word") {
      throw new UnrolledError("UNROLLED_VALUE", 'vocabulary: `splitPunctuation: false` is about words; set tokens: "word" too.');
    }
    this.tokens = tokens;
    this.splitPunctuation = splitPunctuation;
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
   * The characters of a text in the order of their code points, or its words from the most frequent on.
   *
   * @param text where tokens are characters, also its code points
   * @throws {UnrolledError} `UNROLLED_DATA` where no token is left, `UNROLLED_VALUE` for an unknown option.
   */
  static of(text: string | Int32Array, options: VocabularyOptions = {}): Vocabulary {
    checkKnown("vocabulary", options, ["tokens", "splitPunctuation", "minimumCount", "size"]);
    const { tokens = "char", splitPunctuation = true, minimumCount = 1, size = Number.POSITIVE_INFINITY } = options;
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
    return Int32Array.from(this.split(text as string), (token) => this.#indices.get(token) ?? 0);
  }

  /** The tokens of a text. */
  split(text: string): string[] {
    return this.tokens === "char" ? Array.from(text) : this.#tokenizer.split(text);
  }

  /** The text of some indices: characters as they are, words with what stands between them. */
  decode(indices: Iterable<number>): string {
    const tokens = Array.from(indices, (index) => this.symbols[index] ?? this.#unknown);
    return this.tokens === "char" ? tokens.join("") : joined(this.#tokenizer, tokens);
  }

  /** What stands between two tokens of a text, `before` being undefined at its beginning. */
  between(before: string | undefined, token: string): string {
    return this.tokens === "char" ? "" : this.#tokenizer.between(before, token);
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
export function nameOf(tokens: TokenUnit): "character" | "word" {
  return tokens === "char" ? "character" : "word";
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
