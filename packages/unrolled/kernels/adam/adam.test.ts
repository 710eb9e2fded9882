import { describe, expect, it } from "vitest";
import { readFixtures } from "../../src/cells/testing/fixtures.js";
import { referenceEngine } from "../../src/engine/reference-engine.js";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers, positiveNumbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS } from "../testing/run-kernel.js";

describe.each(engines)("adam, $name engine", ({ create }) => {
  const engine = create();

  it("adam: one step from any moments is float64's to 1e-6, whatever the length", () => {
    for (const length of LENGTHS) {
      const blocks = {
        gradient: numbers(length, 1),
        m: numbers(length, 2),
        v: positiveNumbers(length, 3),
        parameter: numbers(length, 4),
      };
      const difference = differenceFromReference(engine, blocks, (kernels, { gradient, m, v, parameter }) =>
        kernels.adam(length, 0.01, 0.9, 0.999, 3, 1e-8, 0.99, 0.5, gradient, m, v, parameter),
      );
      expect(difference, `${length} elements`).toBeLessThan(1e-6);
    }
  });

  it("adam: where the gradient was always 0 and nothing decays the parameter stays as it is", () => {
    const zeros = new Float32Array(5);
    const blocks = { gradient: zeros, m: zeros, v: zeros, parameter: numbers(5) };
    const difference = differenceFromReference(engine, blocks, (kernels, { gradient, m, v, parameter }) =>
      kernels.adam(5, 0.01, 0.9, 0.999, 1, 1e-8, 1, 1, gradient, m, v, parameter),
    );
    expect(difference).toBe(0);
  });
});

describe.each([
  { name: "float64 reference", tolerance: 1e-12, create: () => referenceEngine("float64") },
  ...engines.map((engine) => ({ ...engine, tolerance: 1e-6 })),
])("adam, $name engine", ({ create, tolerance }) => {
  const cases = readFixtures("optimizers").filter((fixture) => fixture.name === "adam");

  it.each(cases)("$name: parameters after every step are PyTorch's", ({ options, initial, steps }) => {
    const { learningRate, beta1, beta2, epsilon } = options;
    const engine = create();
    for (const which of ["weight", "bias"] as const) {
      const size = initial[which].data.length;
      const [gradient, m, v, parameter] = [1, 2, 3, 4].map(() => engine.allocator.allocate(size)) as [
        number,
        number,
        number,
        number,
      ];
      engine.write(initial[which].data, parameter);
      for (const moment of [m, v]) engine.kernels.fill(size, 0, moment);
      for (const [index, { gradients, parameters }] of steps.entries()) {
        const stepSize = learningRate / (1 - beta1 ** (index + 1));
        const rootCorrection = 1 / Math.sqrt(1 - beta2 ** (index + 1));
        engine.write(gradients[which].data, gradient);
        engine.kernels.adam(size, stepSize, beta1, beta2, rootCorrection, epsilon, 1, 1, gradient, m, v, parameter);
        const errors = parameters[which].data.map((exact, i) => Math.abs(engine.readNumber(parameter + i) - exact));
        expect(Math.max(...errors)).toBeLessThan(tolerance);
      }
    }
  });
});
