import { describe, expect, it } from "vitest";
import { evaluate, floatRange, largestError } from "../testing/elementwise.js";
import { kernelBuilds } from "../testing/instantiate.js";
import { rangesThatDiffer } from "../testing/place.js";

const SMALLEST_NORMAL = 2 ** -126;

describe.each(kernelBuilds)("tanh, $name build", (build) => {
  const x = floatRange();
  const y = evaluate(build, "tanh", x);

  it("tanh: absolute error < 1.6e-7 over the float range, NaN for NaN", () => {
    expect(largestError(x, y, Math.tanh, "absolute").error).toBeLessThan(1.6e-7);
  });

  it("tanh: relative error < 3.1e-7 over the float range, wherever x is a normal number", () => {
    const normal = x.map((value) => (Math.abs(value) >= SMALLEST_NORMAL ? value : 0));
    expect(largestError(normal, evaluate(build, "tanh", normal), Math.tanh, "relative").error).toBeLessThan(3.1e-7);
  });

  it("tanh: never beyond -1 and 1, and exactly there from 10 on", () => {
    expect(y.filter((value) => Math.abs(value) > 1)).toHaveLength(0);
    expect(x.filter((value, i) => Math.abs(value) >= 10 && y[i] !== Math.sign(value))).toHaveLength(0);
  });

  it("tanh: odd, zeros included", () => {
    const negated = evaluate(
      build,
      "tanh",
      x.map((value) => -value),
    );
    expect(x.filter((_, i) => !Object.is(negated[i], -(y[i] as number)))).toHaveLength(0);
  });

  it("tanh: an element's bits don't depend on its place in the range, and no other element is written", () => {
    const sample = Float32Array.from({ length: 16 }, (_, i) => 3 * Math.sin(7 * i + 1));
    expect(rangesThatDiffer(build, "tanh", sample, evaluate(build, "tanh", sample))).toEqual([]);
  });
});
