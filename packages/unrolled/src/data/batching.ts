import type { RandomStream } from "../tensor/random.js";
import { shuffle, shuffledIndices } from "./shuffling.js";

/** Batches whose examples are sorted by length together. */
export const BATCHES_IN_POOL = 64;

/** An order cut into batches, the last of which may be smaller. */
export function inBatches(order: Int32Array, batchSize: number): Int32Array[] {
  const count = Math.ceil(order.length / batchSize);
  return Array.from({ length: count }, (_, index) => order.subarray(index * batchSize, (index + 1) * batchSize));
}

/**
 * An epoch's batches of sequences of unequal length: examples in a random order are taken in pools of 64 batches, each pool is sorted by length
 * and cut, and the batches of all are shuffled. So a batch's sequences are about equally long, and who is with whom changes from epoch to
 * epoch. There are as many batches as without: ⌈examples / batchSize⌉.
 *
 * @param lengths steps of each example
 * @returns indices of examples, batch by batch
 */
export function lengthBuckets(lengths: ArrayLike<number>, batchSize: number, random: RandomStream): Int32Array[] {
  const order = shuffledIndices(lengths.length, random);
  const pools = inBatches(order, batchSize * BATCHES_IN_POOL);
  const batches = pools.flatMap((pool) =>
    inBatches(
      pool.toSorted((a, b) => (lengths[a] as number) - (lengths[b] as number)),
      batchSize,
    ),
  );
  return shuffle(batches, random);
}

/** Examples read lazily, some at a time, the last of which may be fewer. */
export async function* inGroups<E>(examples: AsyncIterable<E>, size: number): AsyncGenerator<E[]> {
  let group: E[] = [];
  for await (const example of examples) {
    group.push(example);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
