import { describe, expect, it } from "vitest";
import { evaluate, evaluateAt, floatRange, largestError } from "../testing/elementwise.js";
import { kernelBuilds } from "../testing/instantiate.js";
import { rangesThatDiffer } from "../testing/place.js";

const SMALLEST_NORMAL = 2 ** -126;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

describe.each(kernelBuilds)("exp, $name build", (build) => {
  const x = floatRange();
  const y = evaluate(build, "exp", x);

  it("exp: relative error < 2e-7 over the float range, wherever the result is a normal number", () => {
    const normal = x.map((value) => (Math.exp(value) >= SMALLEST_NORMAL && Math.exp(value) <= LARGEST ? value : 0));
    expect(largestError(normal, evaluate(build, "exp", normal), Math.exp, "relative").error).toBeLessThan(2e-7);
  });

  it("exp: results too large are infinite, results too small for a normal number 0, and NaN stays NaN", () => {
    const wrong = [...x].filter((value, i) => {
      const exact = Math.exp(value);
      if (exact >= SMALLEST_NORMAL && exact <= LARGEST) return false;
      return !Object.is(y[i], exact < SMALLEST_NORMAL ? 0 : exact > LARGEST ? Infinity : Number.NaN);
    });
    expect(wrong).toEqual([]);
  });

  it("exp: both ends of the range of results are reached", () => {
    expect(evaluateAt(build, "exp", 88.72283172607422) / 3.4027988e38).toBeCloseTo(1, 6);
    expect(evaluateAt(build, "exp", 88.72283935546875)).toBe(Infinity);
    expect(evaluateAt(build, "exp", -87.33654022216797) / 1.1754997e-38).toBeCloseTo(1, 6);
    expect(evaluateAt(build, "exp", -87.3365478515625)).toBe(0);
  });

  it("exp: e^0 is exactly 1", () => {
    expect([evaluateAt(build, "exp", 0), evaluateAt(build, "exp", -0)]).toEqual([1, 1]);
  });

  it("exp: an element's bits don't depend on its place in the range, and no other element is written", () => {
    const sample = Float32Array.from({ length: 16 }, (_, i) => 3 * Math.sin(7 * i + 1));
    expect(rangesThatDiffer(build, "exp", sample, evaluate(build, "exp", sample))).toEqual([]);
  });
});
