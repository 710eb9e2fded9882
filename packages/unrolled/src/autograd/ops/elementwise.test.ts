import { describe, expect, it } from "vitest";
import { numbers, positiveNumbers } from "../../../kernels/testing/numbers.js";
import { tensor } from "../../tensor/create.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { valueAndGradients } from "../gradients.js";
import { expectRightGradients, expectValues, weightedSum } from "../testing/gradients.js";
import { abs } from "./abs.js";
import { add } from "./add.js";
import { exp } from "./exp.js";
import { log } from "./log.js";
import { relu } from "./relu.js";
import { negate, scale } from "./scale.js";
import { sigmoid } from "./sigmoid.js";
import { sqrt } from "./sqrt.js";
import { square } from "./square.js";
import { sum } from "./sum.js";
import { tanh } from "./tanh.js";

interface ElementwiseCase {
  readonly name: string;
  readonly op: (x: Tensor) => Tensor;
  readonly exact: (x: number) => number;
  readonly domain?: "positive";
}

const CASES: readonly ElementwiseCase[] = [
  { name: "abs", op: abs, exact: Math.abs },
  { name: "exp", op: exp, exact: Math.exp },
  { name: "log", op: log, exact: Math.log, domain: "positive" },
  { name: "negate", op: negate, exact: (x) => -x },
  { name: "relu", op: relu, exact: (x) => Math.max(x, 0) },
  { name: "scale", op: (x) => scale(x, -2.5), exact: (x) => -2.5 * x },
  { name: "sigmoid", op: sigmoid, exact: (x) => 1 / (1 + Math.exp(-x)) },
  { name: "sqrt", op: sqrt, exact: Math.sqrt, domain: "positive" },
  { name: "square", op: square, exact: (x) => x * x },
  { name: "tanh", op: tanh, exact: Math.tanh },
];

describe.each(CASES)("$name", ({ op, exact, domain }) => {
  const input = (shape: Shape) => tensor((domain === "positive" ? positiveNumbers : numbers)(sizeOf(shape)), shape);

  it.each([{ shape: [] }, { shape: [1] }, { shape: [5] }, { shape: [3, 7] }, { shape: [2, 3, 4] }])(
    "computes number by number what plain JavaScript does, shape $shape",
    ({ shape }) => {
      const x = input(shape);
      expectValues(() => op(x), shape, Array.from(x.data, exact));
    },
  );

  it("has the right derivative on every engine", () => {
    const x = input([3, 7]);
    expectRightGradients([x], () => weightedSum(op(x)));
  });

  it("adds to the gradient of an operand that is used again", () => {
    const x = input([5]);
    expectRightGradients([x], () => add(weightedSum(op(x)), sum(add(op(x), x))));
  });

  it("of nothing is nothing", () => {
    expectValues(() => op(tensor(new Float32Array(0), [0, 3])), [0, 3], []);
  });
});

describe("elementwise ops", () => {
  it("take tensors, nested arrays and plain numbers, outside of any scope", () => {
    expect(
      square([
        [1, 2],
        [3, 4],
      ]).toArray(),
    ).toEqual([
      [1, 4],
      [9, 16],
    ]);
    expect(square(3).toArray()).toBe(9);
    expect(square(tensor([3])).toArray()).toEqual([9]);
  });

  it.each([
    { name: "abs", op: abs },
    { name: "relu", op: relu },
  ])("$name has slope 0 at either zero", ({ op }) => {
    const x = tensor([0, -0]);
    expect(valueAndGradients([x], () => sum(op(x))).gradients[0]?.toArray()).toEqual([0, 0]);
  });
});
