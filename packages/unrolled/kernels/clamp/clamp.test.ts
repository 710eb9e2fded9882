import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS, runKernel } from "../testing/run-kernel.js";

// a limit that float32 has, so that x can be the very limit
const LIMIT = 0.75;

describe.each(engines)("clamp, $name engine", ({ create }) => {
  const engine = create();

  it("clamp: holds numbers within ±limit to the bit, at another place and at its own, whatever the length", () => {
    for (const length of LENGTHS) {
      const blocks = { x: numbers(length), y: numbers(length, 2) };
      expect(differenceFromReference(engine, blocks, (kernels, { x, y }) => kernels.clamp(length, LIMIT, x, y))).toBe(0);
      expect(differenceFromReference(engine, blocks, (kernels, { x }) => kernels.clamp(length, LIMIT, x, x))).toBe(0);
    }
  });

  it("clamp: is x within the limit, ±limit outside and NaN for NaN", () => {
    const x = [0.5, -0.5, LIMIT, -LIMIT, 3, -3, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
    const { after } = runKernel(engine, { x: Float32Array.from(x), y: new Float32Array(9) }, (kernels, addresses) =>
      kernels.clamp(9, LIMIT, addresses.x, addresses.y),
    );
    expect(after.y).toEqual([0.5, -0.5, LIMIT, -LIMIT, LIMIT, -LIMIT, LIMIT, -LIMIT, Number.NaN]);
  });

  it("clampBackward: adds dy where |x| is below the limit, whatever the length", () => {
    for (const length of LENGTHS) {
      const blocks = { x: numbers(length), dy: numbers(length, 2), dx: numbers(length, 3) };
      const difference = differenceFromReference(engine, blocks, (kernels, { x, dy, dx }) =>
        kernels.clampBackward(length, LIMIT, x, dy, dx),
      );
      expect(difference, `${length} elements`).toBeLessThan(3e-7);
    }
  });

  it("clampBackward: adds nothing where x is held, is the limit itself or is NaN", () => {
    const x = [0.5, -0.5, LIMIT, -LIMIT, 3, -3, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN];
    const blocks = { x: Float32Array.from(x), dy: new Float32Array(9).fill(2), dx: new Float32Array(9).fill(1) };
    const { after } = runKernel(engine, blocks, (kernels, addresses) =>
      kernels.clampBackward(9, LIMIT, addresses.x, addresses.dy, addresses.dx),
    );
    expect(after.dx).toEqual([3, 3, 1, 1, 1, 1, 1, 1, 1]);
  });
});
