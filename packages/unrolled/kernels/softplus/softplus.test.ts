import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS, runKernel } from "../testing/run-kernel.js";

describe.each(engines)("softplus, $name engine", ({ create }) => {
  const engine = create();

  it("softplus: log(1 + eˣ) to 1e-6, whatever the length", () => {
    for (const length of LENGTHS) {
      const blocks = { x: numbers(length).map((value) => 4 * value), y: numbers(length, 2) };
      expect(differenceFromReference(engine, blocks, (kernels, { x, y }) => kernels.softplus(length, x, y))).toBeLessThan(1e-6);
    }
  });

  it("softplus: relative error < 1e-6 from −80 to 80, where exp and log alone would lose the small ones", () => {
    const x = Float32Array.from({ length: 1601 }, (_, i) => -80 + i / 10);
    const { after } = runKernel(engine, { x, y: new Float32Array(x.length) }, (kernels, addresses) =>
      kernels.softplus(x.length, addresses.x, addresses.y),
    );
    const errors = after.y.map((value, i) =>
      Math.abs(value / (Math.max(x[i] ?? 0, 0) + Math.log1p(Math.exp(-Math.abs(x[i] ?? 0)))) - 1),
    );
    expect(Math.max(...errors)).toBeLessThan(1e-6);
  });

  it("softplus: of ±1e4 is x and 0, of NaN NaN", () => {
    const blocks = { x: Float32Array.of(1e4, -1e4, Number.NaN), y: new Float32Array(3) };
    const { after } = runKernel(engine, blocks, (kernels, { x, y }) => kernels.softplus(3, x, y));
    expect(after.y).toEqual([1e4, 0, Number.NaN]);
  });
});
