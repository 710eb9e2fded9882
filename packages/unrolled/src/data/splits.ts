import { UnrolledError } from "../errors.js";
import { RandomStream, type Seed } from "../tensor/random.js";
import { type Data, examplesOf } from "./data.js";
import { shuffledIndices } from "./shuffling.js";

/** Two parts of some examples. */
export interface Split<D> {
  /** What is trained on. */
  readonly train: D;
  /** What is held out. */
  readonly held: D;
}

/** The split's own numbers, apart from those of an epoch's order and of any layer. */
function splitStream(seed: Seed): RandomStream {
  return new RandomStream(seed, "validation");
}

/**
 * Holds examples out by a seed: of an array round(fraction · length), at least one, each part in the order of the whole. Of a function's each
 * with that probability, the same ones each time that it is read.
 *
 * @param fraction between 0 and 1
 * @throws {UnrolledError} `UNROLLED_VALUE` where it is not; `UNROLLED_DATA` where an array has fewer than two examples.
 *
 * @example const { train, held } = splitExamples(examples, 0.1, 7);
 */
export function splitExamples<E>(examples: readonly E[], fraction: number, seed: Seed): Split<E[]>;
export function splitExamples<E>(data: Data<E>, fraction: number, seed: Seed): Split<Data<E>>;
export function splitExamples<E>(data: Data<E>, fraction: number, seed: Seed): Split<Data<E>> {
  if (!(fraction > 0 && fraction < 1)) {
    throw new UnrolledError("UNROLLED_VALUE", `split: \`fraction\` must be between 0 and 1, received ${fraction}.`);
  }
  if (typeof data === "function") {
    return { train: chosen(data, (drawn) => drawn >= fraction, seed), held: chosen(data, (drawn) => drawn < fraction, seed) };
  }
  if (data.length < 2) {
    throw new UnrolledError("UNROLLED_DATA", `split: at least 2 examples are needed, received ${data.length}.`);
  }
  const count = Math.min(data.length - 1, Math.max(1, Math.round(fraction * data.length)));
  const held = new Set(shuffledIndices(data.length, splitStream(seed)).subarray(0, count));
  return { train: data.filter((_, index) => !held.has(index)), held: data.filter((_, index) => held.has(index)) };
}

function chosen<E>(data: Data<E>, isChosen: (drawn: number) => boolean, seed: Seed): Data<E> {
  return async function* (epoch) {
    const random = splitStream(seed);
    for await (const example of examplesOf(data, epoch)) if (isChosen(random.uniform())) yield example;
  };
}
