import { UnrolledError } from "../../../errors.js";
import { type Entity, entitiesOf } from "./entities.js";

/** How many entities were found, as fractions from 0 to 1. */
export interface EntityScore {
  /** Of the entities predicted, those that are right: same first and last token, same type. 0 where none is predicted. */
  precision: number;
  /** Of the entities there are, those predicted. 0 where there is none. */
  recall: number;
  /** 2·precision·recall / (precision + recall); 0 where both are. */
  f1: number;
  /** Entities that there are. */
  support: number;
}

/** The score of all entities together, and of each type. */
export interface EntityScores extends EntityScore {
  /** By the types that there are or that are predicted. */
  types: Readonly<Record<string, EntityScore>>;
}

type Count = "gold" | "predicted" | "right";

/** Counts, by type, what there is, what is predicted, and what of it is right. */
export class MatchCounts {
  readonly #all = { gold: 0, predicted: 0, right: 0 };
  readonly #types = new Map<string, Record<Count, number>>();

  count(what: Count, type: string): void {
    const own = this.#types.get(type) ?? { gold: 0, predicted: 0, right: 0 };
    this.#types.set(type, own);
    own[what]++;
    this.#all[what]++;
  }

  /** Of all types together. */
  get all(): Readonly<Record<Count, number>> {
    return this.#all;
  }

  get scores(): EntityScores {
    const types = [...this.#types].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, counts]) => [type, scoreOf(counts)]);
    return { ...scoreOf(this.#all), types: Object.fromEntries(types) };
  }
}

/**
 * Counts the entities of one sequence.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for a tag that is none of a scheme.
 */
export function countEntities(counts: MatchCounts, gold: readonly string[], predicted: readonly string[]): void {
  const known = new Set<string>();
  for (const entity of entitiesOf(gold)) {
    counts.count("gold", entity.type);
    known.add(keyOf(entity));
  }
  for (const entity of entitiesOf(predicted)) {
    counts.count("predicted", entity.type);
    if (known.has(keyOf(entity))) counts.count("right", entity.type);
  }
}

/**
 * Precision, recall and F1 of whole entities, as the script conlleval of the CoNLL-2000 task counts them, in IOB1, IOB2 or BIOES.
 *
 * @param gold the right tags of each sequence
 * @param predicted as many, as long
 * @throws {UnrolledError} `UNROLLED_VALUE` for a tag that is none of a scheme, `UNROLLED_SHAPE` where both are not as many or as long.
 */
export function entityScores(gold: readonly (readonly string[])[], predicted: readonly (readonly string[])[]): EntityScores {
  if (gold.length !== predicted.length) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `entityScores: expected predictions for ${gold.length} sequences, received ${predicted.length}.`,
    );
  }
  const counts = new MatchCounts();
  for (const [index, tags] of gold.entries()) {
    const guessed = predicted[index] as readonly string[];
    if (guessed.length !== tags.length) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `entityScores: sequence ${index} has ${tags.length} tags, but ${guessed.length} predicted ones.`,
      );
    }
    countEntities(counts, tags, guessed);
  }
  return counts.scores;
}

function keyOf({ start, end, type }: Entity): string {
  return `${start} ${end} ${type}`;
}

function scoreOf({ gold, predicted, right }: Readonly<Record<Count, number>>): EntityScore {
  return {
    precision: predicted === 0 ? 0 : right / predicted,
    recall: gold === 0 ? 0 : right / gold,
    f1: right === 0 ? 0 : (2 * right) / (gold + predicted),
    support: gold,
  };
}
