import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { all } from "../testing/files.js";
import type { Parts, SplitFractions } from "./parts.js";
import { permuted } from "./permutation.js";
import { splitByGroup } from "./split-by-group.js";
import { splitBySeed } from "./split-by-seed.js";
import { splitByTime } from "./split-by-time.js";

const reader = <E>(items: readonly E[]) =>
  async function* (): AsyncGenerator<E> {
    yield* items;
  };
const thousand = Array.from({ length: 1000 }, (_, k) => k);
const fractions = { train: 0.8, validation: 0.1, test: 0.1 };

async function read<E>({ train, validation, test }: Parts<E>) {
  return { train: await all(train()), validation: await all(validation()), test: await all(test()) };
}

describe("permuted", () => {
  it("is a permutation for every count and key", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer(), (count, key) => {
        const places = Array.from({ length: count }, (_, k) => permuted(k, count, key));
        expect(new Set(places).size).toBe(count);
        expect(Math.max(...places)).toBe(count - 1);
        expect(Math.min(...places)).toBe(0);
      }),
    );
  });

  it("sends each index everywhere equally often, within chance, over the keys", () => {
    const hits = new Array<number>(10).fill(0);
    for (let key = 0; key < 2000; key += 1) hits[permuted(3, 10, key)] = (hits[permuted(3, 10, key)] ?? 0) + 1;
    for (const count of hits) expect(Math.abs(count - 200)).toBeLessThan(60);
  });
});

describe("splitBySeed", () => {
  it("gives each record to one part, in order, with exactly the shares asked for, and the same ones each time", async () => {
    const parts = await splitBySeed(reader(thousand), fractions, 7);
    const { train, validation, test } = await read(parts);
    expect([train.length, validation.length, test.length]).toEqual([800, 100, 100]);
    expect([...train, ...validation, ...test].sort((a, b) => a - b)).toEqual(thousand);
    expect(test).toEqual(test.toSorted((a, b) => a - b));
    expect(await read(parts)).toEqual({ train, validation, test });
    expect(await read(await splitBySeed(reader(thousand), fractions, 7))).toEqual({ train, validation, test });
    expect((await read(await splitBySeed(reader(thousand), fractions, 8))).test).not.toEqual(test);
  });

  it("trains on the first example of each label, so that none is measured that nothing was learned of", async () => {
    const label = (k: number) => [k === 500 || k === 700 ? "rare" : "often"];
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const { train, validation, test } = await read(await splitBySeed(reader(thousand), { train: 0.1, test: 0.9 }, seed, label));
      expect(train).toContain(500);
      expect(train).toContain(0);
      expect(train.length + validation.length + test.length).toBe(1000);
      expect(test.length).toBeGreaterThanOrEqual(898);
    }
  });

  it("refuses fractions that don't add up to 1, and what is no seed", async () => {
    await expect(splitBySeed(reader(thousand), { train: 0.8, test: 0.1 }, 1)).rejects.toThrow(
      'splitBySeed: expected fractions train, validation and test that add up to 1, with some for train, received {"train":0.8,"validation":0,"test":0.1}.',
    );
    await expect(splitBySeed(reader(thousand), { train: Number.NaN }, 1)).rejects.toMatchObject({ code: "UNROLLED_VALUE" });
    await expect(splitBySeed(reader(thousand), fractions, 0.5)).rejects.toThrow(
      "splitBySeed: `seed` must be a whole number of at least 0, received 0.5.",
    );
  });
});

describe("splitByGroup", () => {
  const speaker = (of: number) => (k: number) => `speaker ${k % of}`;

  it.each([10, 200])("keeps each of %d groups together, with exactly the shares of them asked for, in order", async (of) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const parts = await splitByGroup(reader(thousand), speaker(of), fractions, seed);
      const { train, validation, test } = await read(parts);
      const groups = [train, validation, test].map((part) => new Set(part.map(speaker(of))).size);
      expect(groups).toEqual([0.8 * of, 0.1 * of, 0.1 * of]);
      expect([...train, ...validation, ...test].sort((a, b) => a - b)).toEqual(thousand);
      expect(train).toEqual(train.toSorted((a, b) => a - b));
      expect(await read(parts)).toEqual({ train, validation, test });
    }
    const testOf = async (seed: number) => (await read(await splitByGroup(reader(thousand), speaker(of), fractions, seed))).test;
    expect(await testOf(7)).not.toEqual(await testOf(8));
  });

  it("gives a group to each part that is to have any, where there are enough", async () => {
    const sizesOf = async (of: number, shares: SplitFractions) => {
      const { train, validation, test } = await read(await splitByGroup(reader(thousand), speaker(of), shares, 7));
      return [train, validation, test].map((part) => new Set(part.map(speaker(of))).size);
    };
    expect(await sizesOf(6, fractions)).toEqual([4, 1, 1]);
    expect(await sizesOf(3, fractions)).toEqual([1, 1, 1]);
    expect(await sizesOf(2, { train: 0.9, test: 0.1 })).toEqual([1, 0, 1]);
    expect(await sizesOf(1, fractions)).toEqual([1, 0, 0]);
  });

  it("decides by chance, group by group, where there are more than it holds", async () => {
    const many = Array.from({ length: 24_000 }, (_, k) => k);
    const { train, validation, test } = await read(await splitByGroup(reader(many), speaker(12_000), fractions, 7));
    const groups = [train, validation, test].map((part) => new Set(part.map(speaker(12_000))).size);
    expect(groups.reduce((sum, size) => sum + size, 0)).toBe(12_000);
    expect(train.length + validation.length + test.length).toBe(24_000);
    // three standard deviations
    expect(Math.abs((groups[1] ?? 0) - 1200)).toBeLessThan(100);
    expect(Math.abs((groups[2] ?? 0) - 1200)).toBeLessThan(100);
  });

  it("trains on the group of the first example of each label, all of it", async () => {
    const label = (k: number) => [k === 503 || k === 704 ? "rare" : "often"];
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const shares = { train: 0.1, test: 0.9 };
      const { train, test } = await read(await splitByGroup(reader(thousand), speaker(10), shares, seed, label));
      const groups = new Set(train.map((k) => k % 10));
      expect(groups.has(0) && groups.has(3)).toBe(true);
      expect(groups.size).toBeLessThanOrEqual(3);
      expect(train).toHaveLength(100 * groups.size);
      expect(test).toHaveLength(1000 - train.length);
    }
  });
});

describe("splitByTime", () => {
  it("gives the first of each group to training and the last to testing", async () => {
    const rows = thousand.map((k) => ({ time: k, group: k % 10 === 0 ? "rare" : "often" }));
    const { train, validation, test } = await read(await splitByTime(reader(rows), fractions));
    expect([train.length, validation.length, test.length]).toEqual([800, 100, 100]);
    for (const group of ["rare", "often"]) {
      const times = [train, validation, test].map((part) => part.filter((row) => row.group === group).map(({ time }) => time));
      expect(Math.max(...(times[0] ?? []))).toBeLessThan(Math.min(...(times[1] ?? [])));
      expect(Math.max(...(times[1] ?? []))).toBeLessThan(Math.min(...(times[2] ?? [])));
    }
  });

  it("refuses records that aren't in the order of time", async () => {
    const rows = [{ time: "2016-01-02" }, { time: "2016-01-01" }];
    await expect(splitByTime(reader(rows), fractions)).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message: 'record 2: "2016-01-01" comes after "2016-01-02"; to split by time, sort the records by it.',
    });
  });
});
