import { describe, expect, it } from "vitest";
import { readFixtures } from "../../src/cells/testing/fixtures.js";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS, runKernel } from "../testing/run-kernel.js";

/** More than two of the chunks that a sum is made of, and a rest. */
const MANY = 2 * 4096 + 7;

describe.each(engines)("sum, $name engine", ({ create }) => {
  const engine = create();

  it("sum and sumSquares: as in float64 to 1e-12, whatever the length", () => {
    for (const length of [...LENGTHS, 4096, MANY]) {
      const blocks = { x: numbers(length) };
      expect(differenceFromReference(engine, blocks, (kernels, { x }) => kernels.sum(length, x))).toBeLessThan(1e-12);
      expect(differenceFromReference(engine, blocks, (kernels, { x }) => kernels.sumSquares(length, x))).toBeLessThan(1e-12);
    }
  });

  it("sum and sumSquares: of nothing 0", () => {
    const { returned } = runKernel(engine, { x: numbers(0) }, (kernels, { x }) => [kernels.sum(0, x), kernels.sumSquares(0, x)]);
    expect(returned).toEqual([0, 0]);
  });

  it("sumSquares: large and small numbers together lose nothing that float64 holds", () => {
    const blocks = { x: Float32Array.of(1e15, 1, 1, 1, 1) };
    const { returned } = runKernel(engine, blocks, (kernels, { x }) => kernels.sumSquares(5, x));
    expect(returned).toBeCloseTo(Math.fround(1e15) ** 2, -16);
    const huge = runKernel(engine, { x: Float32Array.of(3e38, 3e38) }, (kernels, { x }) => kernels.sumSquares(2, x));
    expect((huge.returned as number) / (2 * Math.fround(3e38) ** 2)).toBeCloseTo(1, 12);
  });

  it.each(readFixtures("clip"))("$name: the common norm of gradients is PyTorch's", ({ gradients, norm }) => {
    const { returned } = runKernel(
      engine,
      { weight: Float32Array.from(gradients.weight.data), bias: Float32Array.from(gradients.bias.data) },
      (kernels, { weight, bias }) =>
        Math.sqrt(
          kernels.sumSquares(gradients.weight.data.length, weight) + kernels.sumSquares(gradients.bias.data.length, bias),
        ),
    );
    expect((returned as number) / norm).toBeCloseTo(1, 6);
  });
});
