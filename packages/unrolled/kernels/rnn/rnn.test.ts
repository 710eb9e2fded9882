import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS, runKernel } from "../testing/run-kernel.js";

describe.each(engines)("rnn, $name engine", ({ create }) => {
  const engine = create();

  it("rnnTanhBackward: dGates = dh⊙(1 − h²) whatever stood there, and dh is 0 afterwards", () => {
    for (const length of LENGTHS) {
      const blocks = { h: numbers(length, 1).map(Math.tanh), dh: numbers(length, 2), dGates: numbers(length, 3) };
      const difference = differenceFromReference(engine, blocks, (kernels, { h, dh, dGates }) =>
        kernels.rnnTanhBackward(length, h, dh, dGates),
      );
      expect(difference, `${length} elements`).toBeLessThan(3e-7);
    }
  });

  it("rnnReluBackward: dGates = dh where h is positive, else 0, and dh is 0 afterwards", () => {
    for (const length of LENGTHS) {
      const blocks = { h: numbers(length, 1).map((x) => Math.max(x, 0)), dh: numbers(length, 2), dGates: numbers(length, 3) };
      const { after } = runKernel(engine, blocks, (kernels, { h, dh, dGates }) => kernels.rnnReluBackward(length, h, dh, dGates));
      expect(after.dGates).toEqual(Array.from(blocks.dh, (dh, i) => ((blocks.h[i] as number) > 0 ? dh : 0)));
      expect(after.dh).toEqual(Array(length).fill(0));
    }
  });

  it.each(["rnnTanhBackward", "rnnReluBackward"] as const)(
    "%s: a dh below 1e-25 counts as 0, above it doesn't, and NaN stays",
    (name) => {
      const derivatives = [9e-26, -9e-26, 1e-40, 2e-25, -2e-25, Number.NaN, 1, 9e-26, 2e-25, 1e-40, Number.NaN];
      const length = derivatives.length;
      const blocks = { h: new Float32Array(length).fill(0.5), dh: Float32Array.from(derivatives), dGates: numbers(length) };
      const { after } = runKernel(engine, blocks, (kernels, { h, dh, dGates }) => kernels[name](length, h, dh, dGates));
      expect(after.dGates.map((value) => value !== 0)).toEqual(derivatives.map((dh) => !(Math.abs(dh) < 1e-25)));
      expect(after.dGates.map(Number.isNaN)).toEqual(derivatives.map(Number.isNaN));
    },
  );
});
