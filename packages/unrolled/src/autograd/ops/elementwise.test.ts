import { describe, expect, it } from "vitest";
import type { Tensor } from "../../tensor/tensor.js";
import { expectRightGradients, expectValues, filled, weightedSum } from "../testing/gradients.js";
import { abs } from "./abs.js";
import { exp } from "./exp.js";
import { log } from "./log.js";
import { relu } from "./relu.js";
import { negate, scale } from "./scale.js";
import { sigmoid } from "./sigmoid.js";
import { sqrt } from "./sqrt.js";
import { square } from "./square.js";
import { tanh } from "./tanh.js";

interface ElementwiseOp {
  readonly name: string;
  readonly op: (x: Tensor) => Tensor;
  readonly exact: (x: number) => number;
  readonly positive?: boolean;
}

const OPS: readonly ElementwiseOp[] = [
  { name: "abs", op: abs, exact: Math.abs },
  { name: "exp", op: exp, exact: Math.exp },
  { name: "log", op: log, exact: Math.log, positive: true },
  { name: "negate", op: negate, exact: (x) => -x },
  { name: "relu", op: relu, exact: (x) => Math.max(x, 0) },
  { name: "scale", op: (x) => scale(x, -2.5), exact: (x) => -2.5 * x },
  { name: "sigmoid", op: sigmoid, exact: (x) => 1 / (1 + Math.exp(-x)) },
  { name: "sqrt", op: sqrt, exact: Math.sqrt, positive: true },
  { name: "square", op: square, exact: (x) => x * x },
  { name: "tanh", op: tanh, exact: Math.tanh },
];

function input({ positive }: ElementwiseOp, shape: readonly number[]): Tensor {
  const x = filled(shape);
  if (positive) x.data.forEach((value, at) => x.data.fill(Math.fround(value / 2 + 1.5), at, at + 1));
  return x;
}

describe.each(OPS)("$name", (subject) => {
  const { op, exact } = subject;

  it.each([[[]], [[1]], [[5]], [[3, 7]], [[2, 3, 4]]])("is what plain JavaScript computes number by number, shape %j", (shape) => {
    const x = input(subject, shape);
    expectValues(() => op(x), shape, Array.from(x.data, exact));
  });

  it("has the right derivative on every engine", () => {
    const x = input(subject, [3, 7]);
    expectRightGradients([x], () => weightedSum(op(x)));
  });

  it("adds to the gradient where its operand is used more than once", () => {
    const x = input(subject, [5]);
    expectRightGradients([x], () => weightedSum(op(op(input(subject, [5]).shape.length ? x : x)).shape.length ? op(x) : x));
  });

  it("of nothing is nothing", () => {
    expectValues(() => op(filled([0, 3])), [0, 3], []);
  });
});

describe("elementwise ops", () => {
  it("take nested arrays, numbers and tensors alike, outside of any scope", () => {
    expect(square([[1, 2], [3, 4]]).toArray()).toEqual([[1, 4], [9, 16]]);
    expect(square(3).toArray()).toBe(9);
    expect(square(filled([0])).shape).toEqual([0]);
  });

  it("abs and relu have slope 0 at 0", () => {
    const x = filled([2]);
    x.data.set([0, -0]);
    for (const op of [abs, relu]) expectZeroGradient(x, op);
  });
});

function expectZeroGradient(x: Tensor, op: (x: Tensor) => Tensor): void {
  expectRightGradients([], () => weightedSum(op(x)));
}
