/** The naive tagger: each token has the tag that it had most often in training, one that wasn't there the most frequent tag of all. */
export class MostFrequentTags {
  /** The tokens that have each tag, by the tags' order, which is that of their frequency. */
  readonly tokens: readonly (readonly string[])[];
  readonly #tags: ReadonlyMap<string, string>;
  readonly #fallback: string;

  constructor(tags: readonly string[], tokens: readonly (readonly string[])[]) {
    this.tokens = tokens;
    this.#tags = new Map(tokens.flatMap((own, index) => own.map((token): [string, string] => [token, tags[index] as string])));
    this.#fallback = tags[0] as string;
  }

  predict(tokens: readonly string[]): string[] {
    return tokens.map((token) => this.#tags.get(token) ?? this.#fallback);
  }
}
