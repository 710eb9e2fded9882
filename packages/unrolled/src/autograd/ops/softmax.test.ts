import { describe, expect, it } from "vitest";
import { expectRightGradients, expectValues, filled, weightedSum } from "../testing/gradients.js";
import { logSoftmax, softmax } from "./softmax.js";

const SHAPES = [{ shape: [1] }, { shape: [5] }, { shape: [3, 4] }, { shape: [2, 3, 9] }, { shape: [0, 4] }];

/** The softmax of each row of `classes` numbers. */
function exactSoftmax(x: ArrayLike<number>, classes: number): number[] {
  return Array.from(x, (value, at) => {
    const row = Array.from(x).slice(at - (at % classes), at - (at % classes) + classes);
    return Math.exp(value) / row.reduce((sum, other) => sum + Math.exp(other), 0);
  });
}

describe("softmax", () => {
  it.each(SHAPES)("along the last axis of $shape: values and the right derivative", ({ shape }) => {
    const x = filled(shape);
    expectValues(() => softmax(x), shape, exactSoftmax(x.data, shape.at(-1) as number));
    expectRightGradients([x], () => weightedSum(softmax(x)));
  });
});

describe("logSoftmax", () => {
  it.each(SHAPES)("along the last axis of $shape: values and the right derivative", ({ shape }) => {
    const x = filled(shape);
    expectValues(() => logSoftmax(x), shape, exactSoftmax(x.data, shape.at(-1) as number).map(Math.log));
    expectRightGradients([x], () => weightedSum(logSoftmax(x)));
  });
});

describe.each([
  { name: "softmax", op: softmax },
  { name: "logSoftmax", op: logSoftmax },
])("$name", ({ name, op }) => {
  it.each([{ shape: [] }, { shape: [0] }, { shape: [3, 0] }])("refuses $shape, which has no classes", ({ shape }) => {
    const message = `${name}: expected […, classes] with a class at least, received [${shape.join(", ")}].`;
    expect(() => op(filled(shape))).toThrow(expect.objectContaining({ code: "UNROLLED_SHAPE", message }));
  });
});
