import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Tensor } from "../../tensor/tensor.js";
import { type Channels, prepare } from "./channels.js";
import { Scaling } from "./scaling.js";
import type { Series } from "./series.js";
import { WindowCutter, type WindowShape, Windows } from "./windows.js";

const channels: Channels = { targets: [0, 2], known: [3], observed: [1], flagged: [0, 1], calendar: [] };
const shape: WindowShape = {
  ...{ context: 3, horizon: 2, patch: 1, apart: false, windowScaling: "none", outputs: 1, logVariance: undefined },
  channels,
};

/** Column c at step t is 100 c + t, but for those that are missing. */
function seriesOf(length: number, missing: readonly (readonly [step: number, column: number])[] = []): Series {
  const values = [0, 1, 2, 3].map((column) => Float64Array.from({ length }, (_, step) => 100 * column + step));
  for (const [step, column] of missing) (values[column] as Float64Array)[step] = Number.NaN;
  return { group: undefined, start: 0, values, length };
}

const plain = new Scaling(Array.from({ length: 4 }, () => ({ mean: 0, deviation: 1, log: false })));
const preparedOf = (series: Series) => prepare(series, { length: 1 }, plain, []);

describe("windows", () => {
  it("are all stretches that have a whole context before and a whole horizon behind, each once", () => {
    const sizes = fc.record({
      lengths: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }),
      context: fc.integer({ min: 1, max: 6 }),
      horizon: fc.integer({ min: 1, max: 5 }),
      every: fc.integer({ min: 1, max: 4 }),
      apart: fc.boolean(),
    });
    fc.assert(
      fc.property(sizes, ({ lengths, context, horizon, every, apart }) => {
        const series = lengths.map((length) => preparedOf(seriesOf(length)));
        const stretches = series.map((one) => ({ series: one, from: 0, to: one.series.length }));
        const windows = new Windows({ ...shape, context, horizon, apart }, stretches, every);
        const found = Array.from({ length: windows.length }, (_, index) => windows.at(index));
        const expected = series.flatMap((one) =>
          Array.from({ length: one.series.length }, (_, origin) => origin)
            .filter((origin) => origin >= context && origin + horizon <= one.series.length && (origin - context) % every === 0)
            .flatMap((origin) => (apart ? [0, 1] : [0]).map((target) => ({ series: one, origin, target }))),
        );
        expect(found).toHaveLength(expected.length);
        for (const [index, window] of found.entries()) {
          expect(window.series).toBe(expected[index]?.series);
          expect([window.origin, window.target]).toEqual([expected[index]?.origin, expected[index]?.target]);
        }
      }),
    );
  });

  it("of a stretch foretell nothing outside of it, and may read what comes before", () => {
    const series = preparedOf(seriesOf(20));
    const windows = new Windows(shape, [{ series, from: 10, to: 15 }]);
    const origins = Array.from({ length: windows.length }, (_, index) => windows.at(index).origin);
    expect(origins).toEqual([10, 11, 12, 13]);
  });

  it("hold targets, observed, known and flags of each step read, then what is known of the steps to come", () => {
    const cutter = new WindowCutter(shape);
    const series = preparedOf(
      seriesOf(8, [
        [2, 0],
        [4, 1],
      ]),
    );
    const { x, y, mask } = cutter.batch([{ series, origin: 5, target: 0 }]);
    // a missing value is the one before, with a flag
    expect([...(x as Tensor).data].slice(0, 18)).toEqual([
      1, 202, 102, 302, 1, 0, 3, 203, 103, 303, 0, 0, 4, 204, 103, 304, 0, 1,
    ]);
    expect([...(x as Tensor).data].slice(18)).toEqual([305, 306, 1, 1, 0, 0]);
    expect([...(y as Tensor).data]).toEqual([5, 205, 6, 206]);
    expect(mask).toBeUndefined();
  });

  it("mask what is missing of what should come out, which is a number all the same", () => {
    const cutter = new WindowCutter(shape);
    const { y, mask } = cutter.batch([{ series: preparedOf(seriesOf(8, [[6, 0]])), origin: 5, target: 0 }]);
    expect([...(y as Tensor).data]).toEqual([5, 205, 0, 206]);
    expect([...(mask as Tensor).data]).toEqual([1, 1, 0, 1]);
  });

  it("read each target by itself where they are apart, and say which it is", () => {
    const cutter = new WindowCutter({ ...shape, apart: true });
    const series = preparedOf(seriesOf(8, [[2, 0]]));
    const [first, second] = [0, 1].map((target) => [...(cutter.inputs([{ series, origin: 5, target }]).data as Float32Array)]);
    expect(first?.slice(0, 5)).toEqual([1, 102, 302, 1, 0]);
    expect(second?.slice(0, 5)).toEqual([202, 102, 302, 0, 0]);
    expect(first?.slice(17, 19)).toEqual([1, 0]);
    expect(second?.slice(17, 19)).toEqual([0, 1]);
  });

  it("scaled by themselves don't depend on level and size of the series, which is given back by factor and shift", () => {
    const cutter = new WindowCutter({ ...shape, windowScaling: "standard", outputs: 2, logVariance: 1 });
    const { factorAt, shiftAt, features } = cutter.layout;
    const series = seriesOf(8);
    const larger = { ...series, values: series.values.map((line, column) => (column === 0 ? line.map((x) => 5 * x + 7) : line)) };
    const [one, other] = [series, larger].map(
      (given) => cutter.inputs([{ series: preparedOf(given), origin: 5, target: 0 }]).data,
    );
    for (let step = 0; step < 3; step++) expect(other?.[step * features]).toBeCloseTo(one?.[step * features] as number, 5);
    expect(one?.[0]).toBeCloseTo(-Math.sqrt(1.5), 5);
    expect(other?.[factorAt]).toBeCloseTo(5 * (one?.[factorAt] as number), 5);
    expect(other?.[shiftAt]).toBeCloseTo(5 * 3 + 7, 5);
    expect(other?.[factorAt + 1]).toBe(1);
    expect(other?.[shiftAt + 1]).toBeCloseTo(2 * Math.log(5 * Math.sqrt(2 / 3)), 5);
  });
});
