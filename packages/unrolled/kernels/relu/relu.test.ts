import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { LENGTHS, runKernel } from "../testing/run-kernel.js";

describe.each(engines)("relu, $name engine", ({ create }) => {
  const engine = create();

  it("relu: positive numbers stay, others are 0, NaN stays NaN", () => {
    for (const length of LENGTHS) {
      const blocks = { x: numbers(length), y: numbers(length, 2) };
      const { after } = runKernel(engine, blocks, (kernels, { x, y }) => kernels.relu(length, x, y));
      expect(after.y).toEqual(Array.from(blocks.x, (value) => Math.max(value, 0)));
    }
    const special = { x: Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0), y: numbers(4) };
    const { after } = runKernel(engine, special, (kernels, { x, y }) => kernels.relu(4, x, y));
    expect(after.y).toEqual([Number.NaN, Number.POSITIVE_INFINITY, 0, 0]);
  });

  it("reluBackward: the least positive number counts as positive, either zero not", () => {
    const blocks = { y: Float32Array.of(1e-30, 0, -0), dy: Float32Array.of(2, 3, 4), dx: Float32Array.of(1, 1, 1) };
    const { after } = runKernel(engine, blocks, (kernels, { y, dy, dx }) => kernels.reluBackward(3, y, dy, dx));
    expect(after.dx).toEqual([3, 1, 1]);
  });

  it("reluBackward: adds dy where y is positive, and leaves the rest as it is", () => {
    for (const length of LENGTHS) {
      const blocks = { y: numbers(length).map((value) => Math.max(value, 0)), dy: numbers(length, 2), dx: numbers(length, 3) };
      const { after } = runKernel(engine, blocks, (kernels, { y, dy, dx }) => kernels.reluBackward(length, y, dy, dx));
      const expected = Array.from(blocks.dx, (value, i) => {
        return (blocks.y[i] as number) > 0 ? Math.fround(value + (blocks.dy[i] as number)) : value;
      });
      expect(after.dx).toEqual(expected);
    }
  });
});
