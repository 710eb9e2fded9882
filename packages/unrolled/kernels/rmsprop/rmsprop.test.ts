import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers, positiveNumbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS } from "../testing/run-kernel.js";

describe.each(engines)("rmsprop, $name engine", ({ create }) => {
  const engine = create();

  it("rmsprop: one step from any state is float64's to 1e-6, whatever the length", () => {
    for (const length of LENGTHS) {
      const blocks = {
        gradient: numbers(length, 1),
        meanSquare: positiveNumbers(length, 2),
        velocity: numbers(length, 3),
        parameter: numbers(length, 4),
      };
      const difference = differenceFromReference(engine, blocks, (kernels, { gradient, meanSquare, velocity, parameter }) =>
        kernels.rmsprop(length, 0.01, 0.9, 0.8, 1e-8, 0.5, gradient, meanSquare, velocity, parameter),
      );
      expect(difference, `${length} elements`).toBeLessThan(1e-6);
    }
  });

  it("rmsprop: where the gradient was always 0 the parameter stays as it is", () => {
    const zeros = new Float32Array(5);
    const blocks = { gradient: zeros, meanSquare: zeros, velocity: zeros, parameter: numbers(5) };
    const difference = differenceFromReference(engine, blocks, (kernels, { gradient, meanSquare, velocity, parameter }) =>
      kernels.rmsprop(5, 0.01, 0.9, 0.8, 1e-8, 0.5, gradient, meanSquare, velocity, parameter),
    );
    expect(difference).toBe(0);
  });
});
