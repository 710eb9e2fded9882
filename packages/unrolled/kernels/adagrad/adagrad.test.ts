import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers, positiveNumbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS } from "../testing/run-kernel.js";

describe.each(engines)("adagrad, $name engine", ({ create }) => {
  const engine = create();

  it("adagrad: one step from any state is float64's to 1e-6, whatever the length", () => {
    for (const length of LENGTHS) {
      const blocks = {
        gradient: numbers(length, 1),
        squares: positiveNumbers(length, 2),
        parameter: numbers(length, 3),
      };
      const difference = differenceFromReference(engine, blocks, (kernels, { gradient, squares, parameter }) =>
        kernels.adagrad(length, 0.1, 1e-8, 0.5, gradient, squares, parameter),
      );
      expect(difference, `${length} elements`).toBeLessThan(1e-6);
    }
  });

  it("adagrad: where the gradient was always 0 the parameter stays as it is", () => {
    const zeros = new Float32Array(5);
    const blocks = { gradient: zeros, squares: zeros, parameter: numbers(5) };
    const difference = differenceFromReference(engine, blocks, (kernels, { gradient, squares, parameter }) =>
      kernels.adagrad(5, 0.1, 1e-8, 0.5, gradient, squares, parameter),
    );
    expect(difference).toBe(0);
  });
});
