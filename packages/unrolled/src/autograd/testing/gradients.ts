import { expect } from "vitest";
import { numbers } from "../../../kernels/testing/numbers.js";
import { withEngine } from "../../engine/current.js";
import { referenceEngine } from "../../engine/reference-engine.js";
import { engines } from "../../engine/testing/engines.js";
import { tensor } from "../../tensor/create.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { checkGradients } from "../check-gradients.js";
import { evaluate, type Variable, valueAndGradients } from "../gradients.js";
import { multiply } from "../ops/multiply.js";
import { sum } from "../ops/sum.js";
import type { Operand } from "../scope.js";

const oracle = referenceEngine("float64");
const tested = engines.map(({ name, create }) => ({ name, engine: create() }));

/** A tensor of a shape, filled with numbers between −2 and 2 of which no two are alike. */
export function filled(shape: Shape, seed = 1): Tensor {
  return tensor(numbers(sizeOf(shape), seed), shape);
}

/** Σ y⊙w for weights w of which no two are alike: a loss in which every number of y has a slope of its own. */
export function weightedSum(y: Operand & { readonly shape: Shape }): Tensor {
  return sum(multiply(y, filled(y.shape, 9)));
}

interface Tolerances {
  /** Of float64's finite differences. Default: 1e-7. */
  differences?: number;
  /** Of float32 against float64, for value and gradients. Default: 1e-5. */
  float32?: number;
}

/**
 * Asserts that the gradients of a loss are right: against finite differences in float64, and on every engine of this host against
 * float64.
 */
export function expectRightGradients(
  variables: readonly Variable[],
  loss: () => Tensor,
  { differences = 1e-7, float32 = 1e-5 }: Tolerances = {},
): void {
  const check = checkGradients(variables, loss);
  expect(check.largestError, JSON.stringify(check.worst)).toBeLessThan(differences);
  const exact = withEngine(oracle, () => valueAndGradients(variables, loss));
  for (const { name, engine } of tested) {
    const actual = withEngine(engine, () => valueAndGradients(variables, loss));
    expectClose([actual.value], [exact.value], float32, `value on ${name}`);
    actual.gradients.forEach((gradient, index) => {
      expect(gradient.shape).toEqual(variables[index]?.shape);
      expectClose(gradient.data, exact.gradients[index]?.data ?? [], float32, `gradient ${index} on ${name}`);
    });
  }
}

/** Asserts the shape and the numbers of an op's result, on every engine of this host and in float64. */
export function expectValues(op: () => Tensor, shape: Shape, expected: ArrayLike<number>, float32 = 2e-6): void {
  for (const { name, engine } of [...tested, { name: "float64", engine: oracle }]) {
    const result = withEngine(engine, () => evaluate(op));
    expect(result.shape, name).toEqual(shape);
    expectClose(result.data, expected, name === "float64" ? 1e-12 : float32, name);
  }
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void {
  expect(actual.length, what).toBe(expected.length);
  const wrong = Array.from(expected)
    .map((value, at) => ({ at, expected: value, actual: actual[at] as number }))
    .filter(({ expected, actual }) => {
      return !Object.is(actual, expected) && !(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)));
    });
  expect(wrong, what).toEqual([]);
}
