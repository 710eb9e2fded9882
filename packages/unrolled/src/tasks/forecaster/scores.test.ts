import { describe, expect, it } from "vitest";
import { lastValue, naiveError, seasonalNaive } from "./baselines.js";
import { prepare } from "./channels.js";
import { intervalOf } from "./intervals.js";
import { normalQuantile } from "./normal.js";
import { Scaling } from "./scaling.js";
import { ErrorSums } from "./scores.js";

describe("scores", () => {
  it("are the means of their definitions", () => {
    const sums = new ErrorSums();
    sums.add(3, 1, 4, 0.5);
    sums.add(-1, 0, 4, -0.25);
    sums.add(0, 0, 4, 0);
    expect(sums.scores.mae).toBeCloseTo(3 / 3, 12);
    expect(sums.scores.rmse).toBeCloseTo(Math.sqrt(5 / 3), 12);
    expect(sums.scores.mase).toBeCloseTo(3 / 4 / 3, 12);
    expect(sums.scores.smape).toBeCloseTo((1 + 2 + 0) / 3, 12);
    expect(sums.scores.scaled.mae).toBeCloseTo(0.25, 12);
    expect(sums.scores.scaled.rmse).toBeCloseTo(Math.sqrt(0.3125 / 3), 12);
  });
});

describe("naive forecasts", () => {
  const series = { group: undefined, start: 0, values: [Float64Array.of(1, 2, 4, 8, 16, 32)], length: 6 };
  const prepared = prepare(series, { length: 1 }, new Scaling([{ mean: 0, deviation: 1, log: false }]), []);

  it("repeat the last value, or the season before, as often as it takes to know it", () => {
    expect(lastValue(prepared, 0, 4)).toBe(8);
    expect([0, 1, 2, 3, 4].map((ahead) => seasonalNaive(prepared, 0, 4, ahead, 2))).toEqual([4, 8, 4, 8, 4]);
    expect(seasonalNaive(prepared, 0, 4, 0, 5)).toBe(8);
  });

  it("err on average as MASE measures by, before the end alone", () => {
    expect(naiveError(0, [series], [4], 1)).toBeCloseTo((1 + 2 + 4) / 3, 12);
    expect(naiveError(0, [series], [4], 2)).toBeCloseTo((3 + 6) / 2, 12);
  });
});

describe("bounds", () => {
  it("of the normal distribution are at its quantiles", () => {
    for (const [probability, expected] of [
      [0.5, 0],
      [0.8413447460685429, 1],
      [0.975, 1.959963984540054],
      [0.001, -3.090232306167813],
    ] as const) {
      expect(normalQuantile(probability)).toBeCloseTo(expected, 7);
    }
  });

  it("of a normal forecast hold the level's share, and of crossing quantiles stay in order", () => {
    const out = { value: 0, lower: 0, upper: 0 };
    intervalOf("gaussian", 0.95, "squared").read([10, Math.log(4)], 0, out);
    expect(out.value).toBe(10);
    expect(out.upper).toBeCloseTo(10 + 2 * 1.959964, 5);
    intervalOf("quantile", 0.8, "squared").read([9, 3, 1, 2], 1, out);
    expect(out).toEqual({ value: 1, lower: 1, upper: 3 });
  });
});
