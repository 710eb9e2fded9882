import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, runKernel } from "../testing/run-kernel.js";

const IMAGES = 2;
/** Windows side by side, overlapping, with gaps, and standing out of the image. */
const CASES = [
  { size: [4, 6], window: [2, 2], strides: [2, 2], before: [0, 0], out: [2, 3] },
  { size: [5, 5], window: [3, 3], strides: [1, 2], before: [1, 1], out: [5, 3] },
  { size: [7, 4], window: [2, 1], strides: [3, 2], before: [0, 0], out: [2, 2] },
  { size: [1, 3], window: [4, 2], strides: [1, 1], before: [2, 0], out: [1, 3] },
] as const;

describe.each(engines)("max pooling, $name engine", ({ create }) => {
  const engine = create();

  it.each(CASES)(
    "maxPool: $size through $window, values and positions of some and of all pixels",
    ({ size, window, ...rest }) => {
      for (const channels of [1, 3, 4, 9]) {
        const pixels = rest.out[0] * rest.out[1];
        const geometry = Int32Array.of(...size, channels, ...window, ...rest.strides, ...rest.before, ...rest.out);
        const x = numbers(IMAGES * size[0] * size[1] * channels);
        for (const [first, rows] of [
          [0, IMAGES * pixels],
          [1, 2],
          [pixels - 1, 2],
        ] as const) {
          const blocks = { geometry, x, y: numbers(rows * channels), positions: new Int32Array(rows * channels) };
          const difference = differenceFromReference(engine, blocks, (kernels, a) =>
            kernels.maxPool(rows, first, channels, a.geometry, a.x, a.y, a.positions),
          );
          expect(difference).toBe(0);
        }
      }
    },
  );

  it("maxPool: the first of equal numbers is taken, NaN wins, and −∞ is a number", () => {
    const geometry = Int32Array.of(1, 8, 1, 1, 2, 1, 2, 0, 0, 1, 4);
    const { NaN: nan, NEGATIVE_INFINITY: low } = Number;
    const blocks = { geometry, x: Float32Array.of(3, 3, 1, nan, nan, 2, low, low), y: numbers(4), positions: new Int32Array(4) };
    const { after } = runKernel(engine, blocks, (kernels, a) => kernels.maxPool(4, 0, 1, a.geometry, a.x, a.y, a.positions));
    expect(after.y).toEqual([3, nan, nan, low]);
    expect(after.positions).toEqual([0, 3, 4, 6]);
  });

  it("maxPoolBackward: adds each slope where its number came from, also where two windows took the same", () => {
    const blocks = {
      dy: Float32Array.of(1, 2, 4, 8),
      positions: Int32Array.of(2, 2, 0, 1),
      dx: Float32Array.of(0.5, 0.5, 0.5, 0.5, 0.5, 0.5),
    };
    const { after } = runKernel(engine, blocks, (kernels, a) => kernels.maxPoolBackward(2, 2, 3, a.dy, a.positions, a.dx));
    expect(after.dx).toEqual([0.5, 0.5, 3.5, 4.5, 8.5, 0.5]);
  });
});
