import { Vocabulary } from "../../data/text/vocabulary.js";
import { MostFrequentTags } from "./baseline.js";
import { schemeOf } from "./entities/scheme.js";
import type { TaggerExample } from "./examples.js";
import { Lexicon, UNKNOWN } from "./lexicon.js";

/** What a lexicon takes of the words that were counted. */
export interface WordSelection {
  readonly minimumCount: number;
  readonly lowercase: boolean;
  /** Whether words are read with their characters. */
  readonly characters: boolean;
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

  lexicon({ minimumCount, lowercase, characters }: WordSelection): Lexicon {
    const words = new Map<string, number>();
    const spelled: string[] = [];
    for (const [token, tags] of this.#tokens) {
      const word = lowercase ? token.toLowerCase() : token;
      const count = [...tags.values()].reduce((sum, own) => sum + own, 0);
      words.set(word, (words.get(word) ?? 0) + count);
      spelled.push(token);
    }
    words.delete(UNKNOWN);
    const kept = byCount(words).filter((word) => (words.get(word) as number) >= minimumCount);
    return new Lexicon({
      words: [UNKNOWN, ...kept],
      characters: characters ? Vocabulary.of(spelled.join("")) : undefined,
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
}

/** The most frequent first; of equal ones in the order of their code units. */
function byCount(counts: ReadonlyMap<string, number>): string[] {
  return [...counts].sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1)).map(([key]) => key);
}
