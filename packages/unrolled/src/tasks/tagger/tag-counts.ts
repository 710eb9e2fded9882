import { countEntities, type EntityScore, MatchCounts } from "./entities/entity-scores.js";

/** How well one tag is found, as fractions from 0 to 1: of the tokens, where tags mark no entities. */
export type TagScore = EntityScore;

/** What the tags that were given to tokens come to. */
export interface TagResult {
  /** The part of tokens that have the right tag. */
  readonly accuracy: number;
  /** Of whole entities, where tags mark them (all types together); else the mean of the tags' own. */
  readonly f1: number;
  /** By the type of entity, or by tag. */
  readonly scores: Readonly<Record<string, TagScore>>;
}

/** Compares tags with the right ones, sentence by sentence. */
export class TagCounts {
  readonly #entities: MatchCounts | undefined;
  readonly #tags = new MatchCounts();
  #tokens = 0;
  #right = 0;

  /** @param marksEntities whether the tags follow a scheme such as IOB2 */
  constructor(marksEntities: boolean) {
    this.#entities = marksEntities ? new MatchCounts() : undefined;
  }

  get tokens(): number {
    return this.#tokens;
  }

  add(gold: readonly string[], predicted: readonly string[]): void {
    if (this.#entities) countEntities(this.#entities, gold, predicted);
    for (const [place, tag] of gold.entries()) {
      const given = predicted[place] as string;
      this.#tokens++;
      if (given === tag) this.#right++;
      this.#tags.count("gold", tag);
      this.#tags.count("predicted", given);
      if (given === tag) this.#tags.count("right", tag);
    }
  }

  get result(): TagResult {
    const accuracy = this.#right / this.#tokens;
    if (this.#entities) {
      const { types, f1 } = this.#entities.scores;
      return { accuracy, f1, scores: types };
    }
    const scores = this.#tags.scores.types;
    const each = Object.values(scores).map(({ f1 }) => f1);
    return { accuracy, f1: each.reduce((sum, f1) => sum + f1, 0) / each.length, scores };
  }
}
