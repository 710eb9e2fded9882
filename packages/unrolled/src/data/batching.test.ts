import { describe, expect, it } from "vitest";
import { inBatches, inGroups, lengthBuckets } from "./batching.js";
import { paddedFeatures, paddedIndices } from "./padding.js";
import { orderStream, shuffleBuffered, shuffledIndices } from "./shuffling.js";
import { splitExamples } from "./splits.js";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const sorted = (values: Iterable<number>) => [...values].sort((a, b) => a - b);

async function* lazily<E>(items: readonly E[]): AsyncGenerator<E> {
  yield* items;
  await Promise.resolve();
}

async function all<E>(items: AsyncIterable<E>): Promise<E[]> {
  const result: E[] = [];
  for await (const item of items) result.push(item);
  return result;
}

describe("an epoch's order", () => {
  it("has every example once, and is a function of seed and epoch", () => {
    const order = (seed: number, epoch: number) => [...shuffledIndices(50, orderStream(seed, epoch))];
    expect(sorted(order(7, 1))).toEqual(numbers(50));
    expect(order(7, 1)).toEqual(order(7, 1));
    expect(order(7, 2)).not.toEqual(order(7, 1));
    expect(order(8, 1)).not.toEqual(order(7, 1));
  });

  it("puts every example in every place equally often", () => {
    const counts = numbers(4).map(() => [0, 0, 0, 0]);
    for (let epoch = 1; epoch <= 4000; epoch++) {
      for (const [place, index] of shuffledIndices(4, orderStream(1, epoch)).entries()) {
        const row = counts[index] as number[];
        row[place] = (row[place] ?? 0) + 1;
      }
    }
    // binomial, standard deviation 27
    for (const count of counts.flat()) expect(Math.abs(count - 1000)).toBeLessThan(140);
  });
});

describe("batches by length", () => {
  const lengths = numbers(1000).map((index) => 1 + ((index * 37) % 101));

  it("hold every example once, in as many batches as without", () => {
    const batches = lengthBuckets(lengths, 8, orderStream(1, 1));
    expect(batches).toHaveLength(125);
    expect(sorted(batches.flatMap((batch) => [...batch]))).toEqual(numbers(1000));
  });

  it("pad a tenth of what batches without sorting pad, and change from epoch to epoch", () => {
    const padding = (batches: Int32Array[]) =>
      batches.reduce((total, batch) => {
        const of = Array.from(batch, (index) => lengths[index] as number);
        return total + Math.max(...of) * of.length - of.reduce((sum, length) => sum + length, 0);
      }, 0);
    const bucketed = lengthBuckets(lengths, 8, orderStream(1, 1));
    expect(padding(bucketed)).toBeLessThan(padding(inBatches(shuffledIndices(1000, orderStream(1, 1)), 8)) / 10);
    expect(lengthBuckets(lengths, 8, orderStream(1, 2))).not.toEqual(bucketed);
    const firsts = bucketed.map(([index]) => lengths[index as number] as number);
    expect(firsts).not.toEqual(sorted(firsts));
  });

  it("pad with 0 behind each sequence's own end", () => {
    const { x, lengths: steps } = paddedIndices([[3], [1, 2, 3]]);
    expect([x.shape, [...x.data], [...steps]]).toEqual([
      [2, 3],
      [3, 0, 0, 1, 2, 3],
      [1, 3],
    ]);
    const features = paddedFeatures(
      [
        [1, 2],
        [3, 4, 5, 6],
      ],
      2,
    );
    expect([features.x.shape, [...features.x.data], [...features.lengths]]).toEqual([
      [2, 2, 2],
      [1, 2, 0, 0, 3, 4, 5, 6],
      [1, 2],
    ]);
  });
});

describe("examples read lazily", () => {
  it("are shuffled by a buffer, every one given once and none too early", async () => {
    const given = await all(shuffleBuffered(lazily(numbers(100)), 10, orderStream(3, 1)));
    expect(sorted(given)).toEqual(numbers(100));
    expect(given).not.toEqual(numbers(100));
    for (const [place, index] of given.entries()) expect(index - place).toBeLessThan(10);
    expect(await all(shuffleBuffered(lazily(numbers(5)), 1, orderStream(3, 1)))).toEqual(numbers(5));
    expect(await all(shuffleBuffered(lazily(numbers(100)), 10, orderStream(3, 1)))).toEqual(given);
  });

  it("come in groups, the last one of what is left", async () => {
    expect(await all(inGroups(lazily(numbers(5)), 2))).toEqual([[0, 1], [2, 3], [4]]);
  });
});

describe("a split by seed", () => {
  it("holds out the fraction, the same examples for the same seed, in their order", () => {
    const { train, held } = splitExamples(numbers(100), 0.1, 7);
    expect(held).toHaveLength(10);
    expect(held).toEqual(sorted(held));
    expect(sorted([...train, ...held])).toEqual(numbers(100));
    expect(splitExamples(numbers(100), 0.1, 7).held).toEqual(held);
    expect(splitExamples(numbers(100), 0.1, 8).held).not.toEqual(held);
    expect(splitExamples([1, 2], 0.01, 1).held).toHaveLength(1);
  });

  it("holds out the same examples of a function each time that it is read", async () => {
    const { train, held } = splitExamples((_epoch: number) => lazily(numbers(1000)), 0.2, 7);
    const parts = await Promise.all([train, held].map((part) => (typeof part === "function" ? all(part(1)) : part)));
    expect(sorted(parts.flat())).toEqual(numbers(1000));
    expect(Math.abs((parts[1] as number[]).length - 200)).toBeLessThan(60);
    expect(typeof held === "function" && (await all(held(2)))).toEqual(parts[1]);
  });

  it.each([0, 1, Number.NaN])("refuses the fraction %s", (fraction) => {
    expect(() => splitExamples([1, 2, 3], fraction, 1)).toThrow(expect.objectContaining({ code: "UNROLLED_VALUE" }));
  });
});
