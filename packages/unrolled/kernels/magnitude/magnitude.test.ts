import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers, positiveNumbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS, runKernel } from "../testing/run-kernel.js";

describe.each(engines)("magnitude, $name engine", ({ create }) => {
  const engine = create();

  it("squareRoot: rounded from float64's, whatever the length", () => {
    for (const length of LENGTHS) {
      const blocks = { x: positiveNumbers(length), y: numbers(length) };
      const { after } = runKernel(engine, blocks, (kernels, { x, y }) => kernels.squareRoot(length, x, y));
      expect(after.y).toEqual(Array.from(blocks.x, (value) => Math.fround(Math.sqrt(value))));
    }
  });

  it("absolute: |x|, whatever the length", () => {
    for (const length of LENGTHS) {
      const blocks = { x: numbers(length), y: numbers(length, 2) };
      const { after } = runKernel(engine, blocks, (kernels, { x, y }) => kernels.absolute(length, x, y));
      expect(after.y).toEqual(Array.from(blocks.x, (value) => Math.abs(value)));
    }
  });

  it("absoluteBackward: adds dy · sign(x)", () => {
    for (const length of LENGTHS) {
      const blocks = { x: numbers(length, 1), dy: numbers(length, 2), dx: numbers(length, 3) };
      const difference = differenceFromReference(engine, blocks, (kernels, { x, dy, dx }) =>
        kernels.absoluteBackward(length, x, dy, dx),
      );
      expect(difference, `${length} elements`).toBeLessThan(2e-7);
    }
  });

  it("absoluteBackward: the slope at either zero is 0", () => {
    const blocks = { x: Float32Array.of(0, -0), dy: Float32Array.of(3, 4), dx: Float32Array.of(1, 2) };
    const { after } = runKernel(engine, blocks, (kernels, { x, dy, dx }) => kernels.absoluteBackward(2, x, dy, dx));
    expect(after.dx).toEqual([1, 2]);
  });
});
