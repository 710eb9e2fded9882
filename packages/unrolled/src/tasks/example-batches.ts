import { BATCHES_IN_POOL, inBatches, inGroups, lengthBuckets } from "../data/batching.js";
import { type Data, examplesOf } from "../data/data.js";
import { orderStream, shuffleBuffered } from "../data/shuffling.js";
import type { Seed } from "../tensor/random.js";
import type { Batch } from "../training/batch.js";
import type { PreparedTraining } from "./train-network.js";

/** How examples become batches. */
export interface BatchMaking<E, B = Batch> {
  readonly batchSize: number;
  /** Steps of an example; examples of about the same length are batched together. */
  lengthOf(example: E): number;
  /** Some examples side by side. */
  batchOf(examples: readonly E[]): B;
}

/** How they do in training. */
export interface TrainingBatchMaking<E> extends BatchMaking<E> {
  readonly seed: Seed;
  /** Examples in memory at a time where they are read lazily. */
  readonly shuffleBuffer: number;
}

/**
 * Examples in an order of their own for each epoch, which seed and epoch alone decide: an array is shuffled whole, a function's as far as the
 * buffer allows.
 */
export function trainingBatches<E>(
  examples: Data<E>,
  { batchSize, seed, shuffleBuffer, lengthOf, batchOf }: TrainingBatchMaking<E>,
): Pick<PreparedTraining, "data" | "batchesInEpoch"> {
  const bucketed = (some: readonly E[], random: ReturnType<typeof orderStream>) =>
    lengthBuckets(some.map(lengthOf), batchSize, random).map((indices) => Array.from(indices, (index) => some[index] as E));
  function* made(batches: readonly (readonly E[])[]): Generator<Batch> {
    for (const some of batches) yield batchOf(some);
  }
  if (typeof examples !== "function") {
    return {
      batchesInEpoch: Math.ceil(examples.length / batchSize),
      data: (epoch) => examplesOf(made(bucketed(examples, orderStream(seed, epoch)))),
    };
  }
  return {
    async *data(epoch) {
      const random = orderStream(seed, epoch);
      const pools = inGroups(shuffleBuffered(examples(epoch), shuffleBuffer, random), batchSize * BATCHES_IN_POOL);
      for await (const pool of pools) yield* made(bucketed(pool, random));
    },
  };
}

/** Examples to measure on: batched by length, in an order that is always the same. */
export function measuringBatches<E>(examples: Data<E>, making: BatchMaking<E>): Data<Batch> {
  if (typeof examples !== "function") return byLength(examples, making).map(({ batch }) => batch);
  return async function* (epoch) {
    const pools = inGroups(examplesOf(examples, epoch), making.batchSize * BATCHES_IN_POOL);
    for await (const pool of pools) for (const { batch } of byLength(pool, making)) yield batch;
  };
}

/** Batches of about equally long examples, with the place of each example in the order given. */
export function byLength<E, B>(
  examples: readonly E[],
  { batchSize, lengthOf, batchOf }: BatchMaking<E, B>,
): { readonly places: Int32Array; readonly batch: B }[] {
  const lengths = examples.map(lengthOf);
  const order = Int32Array.from(lengths, (_, place) => place).sort((a, b) => (lengths[a] as number) - (lengths[b] as number));
  return inBatches(order, batchSize).map((places) => ({
    places,
    batch: batchOf(Array.from(places, (place) => examples[place] as E)),
  }));
}
