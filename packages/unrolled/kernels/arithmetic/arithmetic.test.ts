import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers, positiveNumbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS } from "../testing/run-kernel.js";

describe.each(engines)("arithmetic, $name engine", ({ create }) => {
  const engine = create();

  it.each(["add", "subtract", "multiply", "divide"] as const)("%s: as in float64 to 2e-7, whatever the length", (kernel) => {
    for (const length of LENGTHS) {
      const blocks = { a: numbers(length, 1), b: positiveNumbers(length, 2), y: numbers(length, 3) };
      const difference = differenceFromReference(engine, blocks, (kernels, { a, b, y }) => kernels[kernel](length, a, b, y));
      expect(difference, `${length} elements`).toBeLessThan(2e-7);
    }
  });

  it.each(["add", "subtract", "multiply", "divide"] as const)("%s: the result may be written over an operand", (kernel) => {
    const blocks = { a: numbers(7, 1), b: positiveNumbers(7, 2) };
    expect(differenceFromReference(engine, blocks, (kernels, { a, b }) => kernels[kernel](7, a, b, a))).toBeLessThan(2e-7);
    expect(differenceFromReference(engine, blocks, (kernels, { a, b }) => kernels[kernel](7, a, b, b))).toBeLessThan(2e-7);
  });
});
