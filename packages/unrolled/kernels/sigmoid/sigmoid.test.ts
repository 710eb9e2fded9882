import { describe, expect, it } from "vitest";
import { evaluate, evaluateAt, floatRange, largestError } from "../testing/elementwise.js";
import { kernelBuilds } from "../testing/instantiate.js";
import { rangesThatDiffer } from "../testing/place.js";

function exactSigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

describe.each(kernelBuilds)("sigmoid, $name build", (build) => {
  const x = floatRange();
  const y = evaluate(build, "sigmoid", x);

  it("sigmoid: absolute error < 1.5e-7 over the float range, NaN for NaN", () => {
    expect(largestError(x, y, exactSigmoid, "absolute").error).toBeLessThan(1.5e-7);
  });

  it("sigmoid: never outside 0 and 1, exactly 1 from 20 on, and below 2e-8 from -20 on", () => {
    expect(y.filter((value) => value < 0 || value > 1)).toHaveLength(0);
    expect(x.filter((value, i) => value >= 20 && y[i] !== 1)).toHaveLength(0);
    expect(x.filter((value, i) => value <= -20 && (y[i] as number) >= 2e-8)).toHaveLength(0);
  });

  it("sigmoid: exactly 1/2 at 0", () => {
    expect([evaluateAt(build, "sigmoid", 0), evaluateAt(build, "sigmoid", -0)]).toEqual([0.5, 0.5]);
  });

  it("sigmoid: an element's bits don't depend on its place in the range, and no other element is written", () => {
    const sample = Float32Array.from({ length: 16 }, (_, i) => 3 * Math.sin(7 * i + 1));
    expect(rangesThatDiffer(build, "sigmoid", sample, evaluate(build, "sigmoid", sample))).toEqual([]);
  });
});
