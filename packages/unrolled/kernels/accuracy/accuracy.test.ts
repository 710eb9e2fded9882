import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { runKernel } from "../testing/run-kernel.js";

describe.each(engines)("accuracy, $name engine", ({ create }) => {
  const engine = create();

  it("classAccuracy: 1 where the largest, the first of several, is the target", () => {
    const blocks = {
      x: Float32Array.of(1, 3, 2, 5, 5, 0, -1, -2, -3, 0, 1, 2),
      targets: Int32Array.of(1, 1, 0, 0),
      y: new Float32Array(4),
    };
    const { after } = runKernel(engine, blocks, (kernels, { x, targets, y }) => kernels.classAccuracy(4, 3, x, targets, y));
    expect(after.y).toEqual([1, 0, 1, 0]);
  });

  it("signAccuracy: the fraction whose sign says what the target says", () => {
    const blocks = {
      x: Float32Array.of(0.1, -3, 2, 0, -1, -2),
      targets: Float32Array.of(1, 0, 0, 0, 1, 0.9),
      y: new Float32Array(3),
    };
    const { after } = runKernel(engine, blocks, (kernels, { x, targets, y }) => kernels.signAccuracy(3, 2, x, targets, y));
    expect(after.y).toEqual([1, 0.5, 0]);
  });
});
