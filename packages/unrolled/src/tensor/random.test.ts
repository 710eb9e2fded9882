import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkSeed, freshSeed, type Purpose, RandomStream } from "./random.js";

const PURPOSES: readonly Purpose[] = ["initialisation", "dropout", "shuffling", "sampling", "validation"];
const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const purposes = fc.constantFrom(...PURPOSES);
const streams = fc.integer({ min: 0, max: 2 ** 32 - 1 });

function words(random: RandomStream, count = 8): number[] {
  return Array.from({ length: count }, () => random.word());
}

describe("RandomStream", () => {
  it("gives the same numbers for the same seed, purpose and stream", () => {
    fc.assert(
      fc.property(seeds, purposes, streams, (seed, purpose, stream) => {
        expect(words(new RandomStream(seed, purpose, stream))).toEqual(words(new RandomStream(seed, purpose, stream)));
      }),
    );
  });

  it("gives other numbers for another seed, purpose or stream", () => {
    const stream = fc.tuple(seeds, purposes, streams);
    fc.assert(
      fc.property(stream, stream, (a, b) => {
        fc.pre(a.some((value, index) => value !== b[index]));
        expect(words(new RandomStream(...a))).not.toEqual(words(new RandomStream(...b)));
      }),
    );
  });

  it("tells seeds apart that differ in any one of their 53 bits", () => {
    const firsts = Array.from({ length: 53 }, (_, bit) => words(new RandomStream(2 ** bit, "sampling"), 2).join());
    expect(new Set([words(new RandomStream(0, "sampling"), 2).join(), ...firsts]).size).toBe(54);
  });

  it("draws of one purpose don't shift those of another", () => {
    const [a, b] = [new RandomStream(1, "dropout"), new RandomStream(1, "sampling")];
    const expected = words(new RandomStream(1, "sampling"), 4);
    const interleaved = Array.from({ length: 4 }, () => {
      a.word();
      return b.word();
    });
    expect(interleaved).toEqual(expected);
  });

  it("streams are independent: numbers of two are uncorrelated to four standard deviations", () => {
    const count = 20_000;
    const [a, b, c] = [new RandomStream(1, "dropout", 0), new RandomStream(1, "dropout", 1), new RandomStream(2, "dropout", 0)];
    let [streamsApart, seedsApart] = [0, 0];
    for (let i = 0; i < count; i++) {
      const x = a.uniform() - 0.5;
      streamsApart += x * (b.uniform() - 0.5);
      seedsApart += x * (c.uniform() - 0.5);
    }
    const bound = 4 / (12 * Math.sqrt(count));
    expect(Math.abs(streamsApart / count)).toBeLessThan(bound);
    expect(Math.abs(seedsApart / count)).toBeLessThan(bound);
  });

  it("uniform is in [0, 1) with mean 1/2 and variance 1/12, to four standard deviations", () => {
    const random = new RandomStream(3, "sampling");
    const values = Array.from({ length: 50_000 }, () => random.uniform());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / values.length));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / values.length));
  });

  it("normal has mean 0, variance 1, and the normal distribution's share beyond two deviations", () => {
    const random = new RandomStream(4, "initialisation");
    const values = Array.from({ length: 50_000 }, () => random.normal());
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
    const beyond = values.filter((value) => Math.abs(value) > 2).length / values.length;
    expect(values.every(Number.isFinite)).toBe(true);
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / values.length));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt(2 / values.length));
    expect(Math.abs(beyond - 0.0455)).toBeLessThan(4 * Math.sqrt((0.0455 * 0.9545) / values.length));
  });

  it("integer takes every value below the bound equally often, to five standard deviations", () => {
    const random = new RandomStream(5, "shuffling");
    const [bound, count] = [7, 70_000];
    const seen = Array<number>(bound).fill(0);
    for (let i = 0; i < count; i++) (seen[random.integer(bound)] as number) += 1;
    for (const times of seen) expect(Math.abs(times - count / bound)).toBeLessThan(5 * Math.sqrt(count / bound));
    expect(seen).toHaveLength(bound);
    expect(random.integer(1)).toBe(0);
  });

  it("goes back to any number of blocks drawn, wherever within a block it stands", () => {
    fc.assert(
      fc.property(fc.nat(20), fc.nat(20), (before, after) => {
        const random = new RandomStream(9, "validation");
        words(random, before);
        const { counter } = random;
        random.counter = counter;
        const expected = words(random, 6);
        words(random, after);
        random.counter = counter;
        expect(words(random, 6)).toEqual(expected);
      }),
    );
  });

  it("set to 0 begins anew", () => {
    const random = new RandomStream(9, "validation");
    const expected = words(random, 6);
    random.counter = 0;
    expect(words(random, 6)).toEqual(expected);
  });

  it("has the same numbers in every version: they are part of what a checkpoint promises", () => {
    expect(words(new RandomStream(7, "shuffling", 3), 4)).toEqual([4162658456, 378679919, 2215783975, 775386768]);
  });
});

describe("seeds", () => {
  it.each([0, 1, 2 ** 32, Number.MAX_SAFE_INTEGER])("%d is a seed", (seed) => {
    expect(checkSeed(seed)).toBe(seed);
    expect(() => new RandomStream(seed, "dropout")).not.toThrow();
  });

  it.each([-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, "7" as unknown as number, undefined as unknown as number])(
    "%s is refused",
    (seed) => {
      const message = `seed: expected a whole number from 0 to 9007199254740991, received ${seed}.`;
      const refusal = expect.objectContaining({ code: "UNROLLED_VALUE", message });
      expect(() => checkSeed(seed)).toThrow(refusal);
      expect(() => new RandomStream(seed, "dropout")).toThrow(refusal);
    },
  );

  it("a fresh seed is a seed, and not always the same", () => {
    const fresh = Array.from({ length: 20 }, freshSeed);
    expect(fresh.map(checkSeed)).toEqual(fresh);
    expect(new Set(fresh).size).toBeGreaterThan(1);
  });
});
