import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { runKernel } from "../testing/run-kernel.js";

describe.each(engines)("maskRows, $name engine", ({ create }) => {
  const engine = create();

  it("maskRows: keeps rows of another weight than 0, and makes the others 0, NaN too", () => {
    const x = Float32Array.of(1, 2, Number.NaN, Number.NaN, 5, 6);
    const blocks = { weights: Float32Array.of(0.5, 0, -1), x, y: Float32Array.of(9, 9, 9, 9, 9, 9) };
    const { after } = runKernel(engine, blocks, (kernels, { weights, x, y }) => kernels.maskRows(3, 2, weights, x, y));
    expect(after.y).toEqual([1, 2, 0, 0, 5, 6]);
  });

  it("maskRows: of indices too", () => {
    const blocks = { weights: Float32Array.of(1, 0, 1), x: Int32Array.of(7, -100, 3), y: Int32Array.of(9, 9, 9) };
    const { after } = runKernel(engine, blocks, (kernels, { weights, x, y }) => kernels.maskRows(3, 1, weights, x, y));
    expect(after.y).toEqual([7, 0, 3]);
  });
});
