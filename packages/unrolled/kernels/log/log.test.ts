import { describe, expect, it } from "vitest";
import { evaluate, evaluateAt, floatRange, largestError } from "../testing/elementwise.js";
import { kernelBuilds } from "../testing/instantiate.js";
import { rangesThatDiffer } from "../testing/place.js";

describe.each(kernelBuilds)("log, $name build", (build) => {
  it("log: relative error < 3e-7 over the float range, with its limits at 0 and ∞ and NaN for negative numbers and NaN", () => {
    const x = floatRange();
    expect(largestError(x, evaluate(build, "log", x), Math.log, "relative").error).toBeLessThan(3e-7);
  });

  it("log: relative error < 3e-7 near 1, where the result is nearly 0", () => {
    const x = Float32Array.from({ length: 200_001 }, (_, i) => 1 + (i - 100_000) * 2 ** -23);
    expect(largestError(x, evaluate(build, "log", x), Math.log, "relative").error).toBeLessThan(3e-7);
  });

  it("log: log 1 is exactly 0, log of either zero -∞", () => {
    expect([1, 0, -0].map((x) => evaluateAt(build, "log", x))).toEqual([0, -Infinity, -Infinity]);
  });

  it("log: an element's bits don't depend on its place in the range, and no other element is written", () => {
    const sample = Float32Array.from({ length: 16 }, (_, i) => Math.exp(3 * Math.sin(7 * i + 1)));
    expect(rangesThatDiffer(build, "log", sample, evaluate(build, "log", sample))).toEqual([]);
  });
});
