import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS } from "../testing/run-kernel.js";

describe.each(engines)("slopes, $name engine", ({ create }) => {
  const engine = create();

  it("tanhBackward: adds dy⊙(1 − y²)", () => {
    for (const length of LENGTHS) {
      const blocks = { y: numbers(length, 1).map(Math.tanh), dy: numbers(length, 2), dx: numbers(length, 3) };
      const difference = differenceFromReference(engine, blocks, (kernels, { y, dy, dx }) =>
        kernels.tanhBackward(length, y, dy, dx),
      );
      expect(difference, `${length} elements`).toBeLessThan(4e-7);
    }
  });

  it("sigmoidBackward: adds dy⊙y⊙(1 − y)", () => {
    for (const length of LENGTHS) {
      const y = numbers(length, 1).map((value) => 1 / (1 + Math.exp(-value)));
      const blocks = { y, dy: numbers(length, 2), dx: numbers(length, 3) };
      const difference = differenceFromReference(engine, blocks, (kernels, addresses) =>
        kernels.sigmoidBackward(length, addresses.y, addresses.dy, addresses.dx),
      );
      expect(difference, `${length} elements`).toBeLessThan(3e-7);
    }
  });
});
