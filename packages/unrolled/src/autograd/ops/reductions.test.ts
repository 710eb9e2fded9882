import { describe, expect, it } from "vitest";
import { tensor } from "../../tensor/create.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { valueAndGradients } from "../gradients.js";
import { expectRightGradients, expectValues, filled, weightedSum } from "../testing/gradients.js";
import { max } from "./max.js";
import { mean } from "./mean.js";
import { sum } from "./sum.js";

const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0);

const OPS = [
  { name: "sum", op: sum, exact: total },
  { name: "mean", op: mean, exact: (values: number[]) => total(values) / values.length },
  { name: "max", op: max, exact: (values: number[]) => Math.max(...values) },
];

const SHAPES: readonly Shape[] = [[1], [7], [3, 5], [1, 4], [4, 1], [2, 3, 4]];
const AXES = SHAPES.flatMap((shape) => shape.flatMap((_, axis) => [axis, axis - shape.length].map((axis) => ({ shape, axis }))));

/** The numbers along an axis, for each place of the shape without it. */
function along({ shape, data }: Tensor, axis: number): number[][] {
  const at = axis < 0 ? axis + shape.length : axis;
  const length = shape[at] as number;
  const inner = sizeOf(shape.slice(at + 1));
  return Array.from({ length: data.length / length }, (_, place) =>
    Array.from({ length }, (_, a) => data[(Math.floor(place / inner) * length + a) * inner + (place % inner)] as number),
  );
}

describe.each(OPS)("$name", ({ name, op, exact }) => {
  it.each(AXES)("is what plain JavaScript computes, $shape over axis $axis", ({ shape, axis }) => {
    const x = filled(shape);
    const reduced = shape.filter((_, at) => at !== (axis + shape.length) % shape.length);
    expectValues(() => op(x, axis), reduced, along(x, axis).map(exact));
  });

  it.each(AXES)("has the right derivative, $shape over axis $axis", ({ shape, axis }) => {
    const x = filled(shape);
    expectRightGradients([x], () => weightedSum(op(x, axis)));
  });

  it.each([[], ...SHAPES].map((shape) => ({ shape })))("without an axis is that of all numbers, shape $shape", ({ shape }) => {
    const x = filled(shape);
    expectValues(() => op(x), [], [exact(Array.from(x.data))]);
    expectRightGradients([x], () => op(x));
  });

  it.each([
    { shape: [2, 3], axis: 2, range: "from -2 to 1" },
    { shape: [2, 3], axis: -3, range: "from -2 to 1" },
    { shape: [2, 3], axis: 0.5, range: "from -2 to 1" },
    { shape: [2, 3], axis: Number.NaN, range: "from -2 to 1" },
    { shape: [4], axis: 1, range: "from -1 to 0" },
  ])("refuses axis $axis of $shape and says which there are", ({ shape, axis, range }) => {
    const message = `${name}: \`axis\` must be a whole number ${range} for [${shape.join(", ")}], received ${axis}.`;
    expect(() => op(filled(shape), axis)).toThrow(expect.objectContaining({ code: "UNROLLED_SHAPE", message }));
  });
});

describe("sum", () => {
  it("of nothing is 0, along an empty axis and of all", () => {
    expectValues(() => sum(filled([0])), [], [0]);
    expectValues(() => sum(filled([2, 0, 3]), 1), [2, 3], [0, 0, 0, 0, 0, 0]);
  });

  it("of many numbers loses none to rounding along the way", () => {
    const x = tensor(Float32Array.from({ length: 1 << 20 }, (_, i) => (i === 0 ? 1 << 24 : 1)));
    expect(sum(x).item()).toBe((1 << 24) + (1 << 20));
  });
});

describe("max", () => {
  it("gives the gradient to the first of equal numbers alone", () => {
    const x = tensor([
      [3, 7, 7],
      [5, 5, 5],
    ]);
    const { gradients } = valueAndGradients([x], () => weightedSum(max(x, 1)));
    const [first, second] = weightsOf(2);
    expect(gradients[0]?.toArray()).toEqual([
      [0, first, 0],
      [second, 0, 0],
    ]);
  });

  it("is NaN where a NaN is among the numbers", () => {
    expect(max([1, Number.NaN, 3]).item()).toBeNaN();
  });

  it("refuses an empty axis, and a tensor without numbers", () => {
    const refusal = (message: string) => expect.objectContaining({ code: "UNROLLED_SHAPE", message });
    expect(() => max(filled([2, 0]), 1)).toThrow(refusal("max: axis 1 must not be empty, received [2, 0]."));
    expect(() => max(filled([0]))).toThrow(refusal("max: axis 0 must not be empty, received [0]."));
  });
});

/** The weights that `weightedSum` gives to a result of this length. */
function weightsOf(length: number): number[] {
  return Array.from(filled([length], 9).data);
}
