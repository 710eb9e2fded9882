import type { PieceTokenizer } from "../../data/text/pieces/piece-tokenizer.js";
import { countPieceWords } from "../../data/text/pieces/train-pieces.js";
import { learnedPieces, Vocabulary } from "../../data/text/vocabulary.js";
import { MostFrequentTags } from "./baseline.js";
import { schemeOf } from "./entities/scheme.js";
import type { TaggerExample } from "./examples.js";
import { asInText, Lexicon, UNKNOWN } from "./lexicon.js";
import type { SpellingName } from "./options.js";

/** What a lexicon takes of the words that were counted. */
export interface WordSelection {
  readonly minimumCount: number;
  readonly lowercase: boolean;
  readonly spelling: SpellingName;
  /** Pieces that were learned elsewhere. */
  readonly tokenizer?: PieceTokenizer;
  /** How many pieces are learned at most. */
  readonly vocabularySize: number | undefined;
}

/** Counts what stands in training data, in one pass. */
export class WordCounts {
  /** How often each token has each tag. */
  readonly #tokens = new Map<string, Map<string, number>>();
  readonly #tags = new Map<string, number>();
  #isScheme = true;
  #examples = 0;
  #count = 0;

  add(example: TaggerExample): void {
    const { tokens, tags } = example;
    this.#examples++;
    this.#count += tokens.length;
    if (this.#isScheme && tags.some((tag) => tag !== "O")) this.#isScheme = schemeOf([tags]) !== undefined;
    for (const [place, token] of tokens.entries()) {
      const tag = tags[place] as string;
      const own = this.#tokens.get(token) ?? new Map<string, number>();
      this.#tokens.set(token, own.set(tag, (own.get(tag) ?? 0) + 1));
      this.#tags.set(tag, (this.#tags.get(tag) ?? 0) + 1);
    }
  }

  get examples(): number {
    return this.#examples;
  }

  /** Tokens of all examples. */
  get tokens(): number {
    return this.#count;
  }

  /** Whether the tags mark entities. */
  get marksEntities(): boolean {
    return this.#isScheme && [...this.#tags.keys()].some((tag) => tag !== "O");
  }

  /** From the most frequent on. */
  get tags(): string[] {
    return byCount(this.#tags);
  }

  lexicon(selection: WordSelection): Lexicon {
    const { minimumCount, lowercase } = selection;
    const words = new Map<string, number>();
    for (const [token, count] of this.#counts()) {
      const word = lowercase ? token.toLowerCase() : token;
      words.set(word, (words.get(word) ?? 0) + count);
    }
    words.delete(UNKNOWN);
    const kept = byCount(words).filter((word) => (words.get(word) as number) >= minimumCount);
    return new Lexicon({
      words: [UNKNOWN, ...kept],
      spelling: this.#spelling(selection),
      ...{ tags: this.tags, lowercase },
    });
  }

  baseline(): MostFrequentTags {
    const tags = this.tags;
    const ofTokens = tags.map((): string[] => []);
    for (const [token, counts] of this.#tokens) {
      const best = tags.reduce((a, b) => ((counts.get(b) ?? 0) > (counts.get(a) ?? 0) ? b : a));
      ofTokens[tags.indexOf(best)]?.push(token);
    }
    return new MostFrequentTags(tags, ofTokens);
  }

  /** How often each token stands there. */
  *#counts(): Generator<[token: string, count: number]> {
    for (const [token, tags] of this.#tokens) yield [token, [...tags.values()].reduce((sum, own) => sum + own, 0)];
  }

  #spelling({ spelling, tokenizer, vocabularySize }: WordSelection): Vocabulary | undefined {
    switch (spelling) {
      case "none":
        return undefined;
      case "characters":
        return Vocabulary.of([...this.#tokens.keys()].join(""));
      case "pieces":
        return new Vocabulary(tokenizer ?? this.#pieces(vocabularySize));
    }
  }

  #pieces(size: number | undefined): PieceTokenizer {
    const words = new Map<string, number>();
    for (const [token, count] of this.#counts()) {
      for (const [word, times] of countPieceWords(asInText(token))) words.set(word, (words.get(word) ?? 0) + times * count);
    }
    return learnedPieces(words, size === undefined ? {} : { size });
  }
}

/** The most frequent first; of equal ones in the order of their code units. */
function byCount(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1)).map(([key]) => key);
}
