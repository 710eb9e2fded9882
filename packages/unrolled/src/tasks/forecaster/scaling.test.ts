import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Scaling } from "./scaling.js";
import type { Series } from "./series.js";

const seriesOf = (values: readonly number[]): Series => ({
  group: undefined,
  start: 0,
  values: [Float64Array.from(values)],
  length: values.length,
});
const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 40 });

describe("scaling", () => {
  it("brings what it was fitted on to mean 0 and deviation 1, and every value back", () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const scaling = Scaling.fit("standard", ["a"], [0], [seriesOf(values)], [values.length]);
        const scaled = values.map((value) => scaling.scaled(0, value));
        const mean = scaled.reduce((sum, x) => sum + x, 0) / scaled.length;
        const variance = scaled.reduce((sum, x) => sum + (x - mean) ** 2, 0) / scaled.length;
        expect(Math.abs(mean)).toBeLessThan(1e-6);
        expect(variance < 1e-6 || Math.abs(variance - 1) < 1e-6).toBe(true);
        for (const [index, x] of scaled.entries()) expect(scaling.unscaled(0, x)).toBeCloseTo(values[index] as number, 6);
      }),
    );
  });

  it("scales small numbers as large ones, and refuses those whose squares no number holds", () => {
    const fit = (...values: number[]) => Scaling.fit("standard", ["a"], [0], [seriesOf(values)], [values.length]);
    expect(fit(1e-13, 3e-13).scaled(0, 3e-13)).toBeCloseTo(1, 9);
    expect(fit(-1e100, 1e100).scaled(0, 1e100)).toBeCloseTo(1, 9);
    expect(() => fit(-1e300, 1e300)).toThrow("scaling: `a` has numbers so large that 64 bits can't hold their squares");
  });

  it("looks at nothing behind the end of what is trained on", () => {
    fc.assert(
      fc.property(numbers, numbers, (train, rest) => {
        const alone = Scaling.fit("standard", ["a"], [0], [seriesOf(train)], [train.length]);
        const followed = Scaling.fit("standard", ["a"], [0], [seriesOf([...train, ...rest])], [train.length]);
        expect(followed).toEqual(alone);
      }),
    );
  });

  it("takes the logarithm of 1 + x, and gives it back", () => {
    const scaling = Scaling.fit("log", ["a"], [0], [seriesOf([0, Math.E - 1, Number.NaN, Math.E ** 2 - 1])], [4]);
    expect(scaling.columns[0]?.mean).toBeCloseTo(1, 12);
    expect(scaling.scaled(0, Math.E - 1)).toBeCloseTo(0, 12);
    expect(scaling.unscaled(0, scaling.scaled(0, 12.5))).toBeCloseTo(12.5, 10);
    const covariate = Scaling.fit("log", ["a"], [], [seriesOf([-5, 5])], [2]);
    expect(covariate.columns).toEqual([{ mean: 0, deviation: 5, log: false }]);
    expect(() => Scaling.fit("log", ["a"], [0], [seriesOf([0, -1])], [2])).toThrow("`a` has -1");
  });

  it("leaves missing values out, shifts what never changes, and refuses a column without values", () => {
    const scaling = Scaling.fit("standard", ["a"], [0], [seriesOf([4, Number.NaN, 4])], [3]);
    expect(scaling.columns).toEqual([{ mean: 4, deviation: 1, log: false }]);
    expect(() => Scaling.fit("standard", ["a"], [0], [seriesOf([Number.NaN, 3])], [1])).toThrow(
      "scaling: `a` has no value in the part that is trained on",
    );
  });
});
