import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, runKernel } from "../testing/run-kernel.js";

/** [outer, axis, inner] */
const SHAPES = [
  [1, 1, 1],
  [1, 5, 1],
  [3, 1, 4],
  [1, 4, 17],
  [2, 3, 5],
  [5, 8, 1],
  [3, 0, 2],
  [0, 3, 2],
  [2, 3, 0],
] as const;

describe.each(engines)("axes, $name engine", ({ create }) => {
  const engine = create();

  it.each(SHAPES)("repeatAxis: [%i, inner] becomes [%i, %i repeats, inner]", (outer, repeats, inner) => {
    const blocks = { x: numbers(outer * inner), y: numbers(outer * repeats * inner, 2) };
    const { after } = runKernel(engine, blocks, (kernels, { x, y }) => kernels.repeatAxis(outer, repeats, inner, x, y));
    const expected = Array.from({ length: outer }, (_, o) =>
      Array.from({ length: repeats }, () => Array.from(blocks.x.subarray(o * inner, (o + 1) * inner))),
    ).flat(2);
    expect(after.y).toEqual(expected);
  });

  it.each(SHAPES)("sumAxis: [%i, %i, %i] is summed over its middle axis", (outer, axis, inner) => {
    const blocks = { x: numbers(outer * axis * inner), y: numbers(outer * inner, 2) };
    const difference = differenceFromReference(engine, blocks, (kernels, { x, y }) => kernels.sumAxis(outer, axis, inner, x, y));
    expect(difference).toBeLessThan(3e-7);
  });

  it.each(SHAPES.filter(([, axis]) => axis > 0))("maxAxis: values and positions over [%i, %i, %i]", (outer, axis, inner) => {
    const blocks = {
      x: numbers(outer * axis * inner),
      y: numbers(outer * inner, 2),
      positions: new Int32Array(outer * inner).fill(99),
    };
    const { after } = runKernel(engine, blocks, (kernels, { x, y, positions }) =>
      kernels.maxAxis(outer, axis, inner, x, y, positions),
    );
    const candidates = Array.from({ length: outer * inner }, (_, at) =>
      Array.from({ length: axis }, (_, a) => blocks.x[(Math.floor(at / inner) * axis + a) * inner + (at % inner)] as number),
    );
    expect(after.y).toEqual(candidates.map((values) => Math.max(...values)));
    expect(after.positions).toEqual(candidates.map((values) => values.indexOf(Math.max(...values))));
  });

  it("maxAxis: of equal numbers the first is taken, and the first NaN before any number", () => {
    const blocks = {
      x: Float32Array.of(1, 3, 3, 2, ...[5, Number.NaN, 9, Number.NaN], ...Array(4).fill(Number.NEGATIVE_INFINITY)),
      y: new Float32Array(3),
      positions: new Int32Array(3),
    };
    const { after } = runKernel(engine, blocks, (kernels, { x, y, positions }) => kernels.maxAxis(3, 4, 1, x, y, positions));
    expect(after).toMatchObject({ y: [3, Number.NaN, Number.NEGATIVE_INFINITY], positions: [1, 1, 0] });
  });

  it("maxAxisBackward: adds dy at the positions alone", () => {
    const blocks = {
      dy: Float32Array.of(10, 20, 30, 40),
      positions: Int32Array.of(2, 0, 1, 1),
      dx: Float32Array.from({ length: 12 }, (_, i) => i),
    };
    const { after } = runKernel(engine, blocks, (kernels, { dy, positions, dx }) =>
      kernels.maxAxisBackward(2, 3, 2, dy, positions, dx),
    );
    expect(after.dx).toEqual([0, 21, 2, 3, 14, 5, 6, 7, 38, 49, 10, 11]);
  });

  it.each([
    [1, 1, 1],
    [4, 3, 1],
    [2, 5, 7],
    [4, 8, 4],
    [0, 3, 2],
    [3, 4, 0],
  ])("swapAxes: [%i, %i, %i] with its first axes exchanged, at once or in two parts, and back again", (a, b, inner) => {
    const size = a * b * inner;
    const blocks = { x: numbers(size), y: numbers(size, 2), parts: numbers(size, 3), back: numbers(size, 4) };
    const half = a >> 1;
    const { after } = runKernel(engine, blocks, (kernels, { x, y, parts, back }) => {
      kernels.swapAxes(a, b, inner, x, y, a * inner);
      kernels.swapAxes(half, b, inner, x, parts, a * inner);
      kernels.swapAxes(a - half, b, inner, x + half * b * inner, parts + half * inner, a * inner);
      kernels.swapAxes(b, a, inner, y, back, b * inner);
    });
    const expected = Array.from({ length: size }, (_, at) => {
      const [i, rest] = [at % inner, Math.floor(at / inner)];
      return blocks.x[((rest % a) * b + Math.floor(rest / a)) * inner + i];
    });
    expect(after.y).toEqual(expected);
    expect(after.parts).toEqual(expected);
    expect(after.back).toEqual(Array.from(blocks.x));
  });
});
