import { describe, expect, it } from "vitest";
import { currentEngine, withEngine } from "../engine/current.js";
import { wasmEngines } from "../engine/testing/engines.js";
import { tensor } from "../tensor/create.js";
import { Parameter } from "../tensor/parameter.js";
import { RandomStream } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkGradients } from "./check-gradients.js";
import { dropout } from "./ops/dropout.js";
import { multiply } from "./ops/multiply.js";
import { sqrt } from "./ops/sqrt.js";
import { square } from "./ops/square.js";
import { sum } from "./ops/sum.js";
import { inScope } from "./scope.js";

/** x², with a derivative that is `factor` · x instead of 2x. */
function squareWithSlope(x: Tensor, factor: number): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const y = scope.empty(a.shape);
    kernels.multiply(a.size, a.address, a.address, y.address);
    return scope.derive(y, [a], (dy) => {
      const da = scope.gradientOf(a);
      for (let i = 0; i < a.size; i++) {
        scope.engine.write([factor * scope.engine.readNumber(a.address + i) * scope.engine.readNumber(dy + i)], da + i);
      }
    });
  });
}

describe("checkGradients", () => {
  it("finds nothing wrong with a right derivative made by hand", () => {
    const x = tensor([1, -2, 3]);
    expect(checkGradients([x], () => sum(squareWithSlope(x, 2))).largestError).toBeLessThan(1e-8);
  });

  it("finds a wrong derivative and says where: which variable, which entry, both values", () => {
    const [x, y] = [tensor([1, 2]), tensor([0, 0, -2, 0])];
    const { largestError, worst } = checkGradients([x, y], () => multiply(sum(square(x)), sum(squareWithSlope(y, 2.5))));
    expect(worst).toMatchObject({ variable: 1, entry: 2 });
    expect(worst.gradient).toBeCloseTo(-25, 6);
    expect(worst.difference).toBeCloseTo(-20, 6);
    expect(largestError).toBeCloseTo(5 / 25, 6);
  });

  it("finds a derivative that is missing", () => {
    const x = tensor([3]);
    const constant = () => sum(tensor(Float64Array.from([9])));
    expect(checkGradients([x], constant).largestError).toBe(0);
    expect(checkGradients([x], () => sum(squareWithSlope(x, 0))).largestError).toBeCloseTo(1, 6);
  });

  it("counts a slope that is no number as wrong, whatever entries come after it", () => {
    const x = tensor([0, 1, 4]);
    const { largestError, worst } = checkGradients([x], () => sum(sqrt(x)));
    expect(largestError).toBe(Number.POSITIVE_INFINITY);
    expect(worst).toMatchObject({ variable: 0, entry: 0 });
  });

  it("gives slope 1 where the loss is the variable itself", () => {
    const x = tensor(3);
    const { largestError, worst } = checkGradients([x], () => x);
    expect(largestError).toBeLessThan(1e-8);
    expect(worst.gradient).toBe(1);
  });

  it("draws the same random numbers in every evaluation, and leaves their stream where it was", () => {
    const x = tensor(new Float32Array(40).fill(1));
    const random = new RandomStream(5, "dropout");
    random.counter = 3;
    expect(checkGradients([x], () => sum(square(dropout(x, 0.5, random)))).largestError).toBeLessThan(1e-8);
    expect(random.counter).toBe(3);
  });

  it.each(wasmEngines)(
    "works in float64 although the parameters are on the $name engine, and leaves them as they are",
    (subject) => {
      const engine = subject.create();
      const w = new Parameter(engine, "w", [3], () => [1, 2, 3]);
      const { largestError } = withEngine(engine, () => checkGradients([w], () => sum(square(multiply(w, w)))));
      expect(largestError).toBeLessThan(1e-9);
      expect(w.read().toArray()).toEqual([1, 2, 3]);
      expect(w.version).toBe(0);
    },
  );

  it("tries as many entries of a variable as asked for, spread evenly, and all of a small one", () => {
    const [x, y] = [tensor(new Float32Array(1000).fill(1)), tensor([1, 2, 3])];
    let evaluations = 0;
    const loss = () => {
      evaluations++;
      return sum(multiply(sum(x), y));
    };
    checkGradients([x, y], loss, { entries: 10 });
    expect(evaluations).toBe(1 + 2 * 10 + 2 * 3);
  });

  it("refuses a loss that is no single number, and leaves the engine in use as it is", () => {
    const engine = currentEngine();
    const x = tensor([1, 2]);
    expect(() => checkGradients([x], () => square(x))).toThrow(expect.objectContaining({ code: "UNROLLED_SHAPE" }));
    expect(currentEngine()).toBe(engine);
  });

  it.each<[options: object, message: string]>([
    [{ step: 0 }, "checkGradients: `step` must be a finite number above 0, received 0."],
    [{ step: Number.NaN }, "checkGradients: `step` must be a finite number above 0, received NaN."],
    [{ entries: 0 }, "checkGradients: `entries` must be a whole number of at least 1, received 0."],
    [{ entries: 1.5 }, "checkGradients: `entries` must be a whole number of at least 1, received 1.5."],
  ])("refuses %o", (options, message) => {
    const x = tensor([1, 2]);
    expect(() => checkGradients([x], () => sum(x), options)).toThrow(
      expect.objectContaining({ code: "UNROLLED_VALUE", message }),
    );
  });
});
