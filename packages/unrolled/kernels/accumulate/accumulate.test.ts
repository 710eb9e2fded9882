import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS } from "../testing/run-kernel.js";

describe.each(engines)("accumulate, $name engine", ({ create }) => {
  const engine = create();

  it("scale: y = factor · x, whatever stood in y", () => {
    for (const length of LENGTHS) {
      const blocks = { x: numbers(length, 1), y: numbers(length, 2) };
      const difference = differenceFromReference(engine, blocks, (kernels, { x, y }) => kernels.scale(length, -0.75, x, y));
      expect(difference, `${length} elements`).toBeLessThan(2e-7);
    }
  });

  it("addScaled: adds factor · x to what stands in y", () => {
    for (const length of LENGTHS) {
      const blocks = { x: numbers(length, 1), y: numbers(length, 2) };
      const difference = differenceFromReference(engine, blocks, (kernels, { x, y }) => kernels.addScaled(length, 1.5, x, y));
      expect(difference, `${length} elements`).toBeLessThan(2e-7);
    }
  });

  it("multiplyAdd: adds a⊙b to what stands in y", () => {
    for (const length of LENGTHS) {
      const blocks = { a: numbers(length, 1), b: numbers(length, 2), y: numbers(length, 3) };
      const difference = differenceFromReference(engine, blocks, (kernels, { a, b, y }) => kernels.multiplyAdd(length, a, b, y));
      expect(difference, `${length} elements`).toBeLessThan(3e-7);
    }
  });
});
