import { describe, expect, it } from "vitest";
import { readFixtures } from "../../src/cells/testing/fixtures.js";
import { referenceEngine } from "../../src/engine/reference-engine.js";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS } from "../testing/run-kernel.js";

describe.each(engines)("sgd, $name engine", ({ create }) => {
  const engine = create();

  it.each([false, true])("sgd: v = momentum·v + g and p −= learningRate·v, whatever the length; nesterov: %s", (nesterov) => {
    for (const length of LENGTHS) {
      const blocks = { gradient: numbers(length, 1), velocity: numbers(length, 2), parameter: numbers(length, 3) };
      const difference = differenceFromReference(engine, blocks, (kernels, { gradient, velocity, parameter }) =>
        kernels.sgd(length, 0.1, 0.9, nesterov, 0.5, gradient, velocity, parameter),
      );
      expect(difference, `${length} elements`).toBeLessThan(3e-7);
    }
  });
});

describe.each([
  { name: "float64 reference", tolerance: 1e-14, create: () => referenceEngine("float64") },
  ...engines.map((engine) => ({ ...engine, tolerance: 1e-6 })),
])("sgd, $name engine", ({ create, tolerance }) => {
  const cases = readFixtures("optimizers").filter((fixture) => fixture.name !== "adam");

  it.each(cases)("$name: parameters after every step are PyTorch's", ({ options, initial, steps }) => {
    const engine = create();
    const { learningRate, momentum } = options as { learningRate: number; momentum: number };
    for (const which of ["weight", "bias"] as const) {
      const size = initial[which].data.length;
      const [gradient, velocity, parameter] = [1, 2, 3].map(() => engine.allocator.allocate(size)) as [number, number, number];
      engine.write(initial[which].data, parameter);
      engine.kernels.fill(size, 0, velocity);
      for (const { gradients, parameters } of steps) {
        engine.write(gradients[which].data, gradient);
        engine.kernels.sgd(size, learningRate, momentum, false, 1, gradient, velocity, parameter);
        const errors = parameters[which].data.map((exact, i) => Math.abs(engine.readNumber(parameter + i) - exact));
        expect(Math.max(...errors)).toBeLessThan(tolerance);
      }
    }
  });
});
