import { describe, expect, it } from "vitest";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { evaluate } from "../gradients.js";
import { expectRightGradients, expectValues, filled, weightedSum } from "../testing/gradients.js";
import { concat, stack } from "./concat.js";
import { reshape } from "./reshape.js";
import { slice } from "./slice.js";
import { square } from "./square.js";
import { transpose } from "./transpose.js";

function refusal(message: string): unknown {
  return expect.objectContaining({ code: "UNROLLED_SHAPE", message });
}

/** All orders of 0 … rank − 1. */
function orders(rank: number): number[][] {
  if (rank === 0) return [[]];
  return orders(rank - 1).flatMap((order) =>
    Array.from({ length: rank }, (_, at) => [...order.slice(0, at), rank - 1, ...order.slice(at)]),
  );
}

/** For each place of a shape its index on every axis, row-major. */
function indices(shape: Shape): number[][] {
  return shape.reduce<number[][]>(
    (all, length) => all.flatMap((index) => Array.from({ length }, (_, at) => [...index, at])),
    [[]],
  );
}

function at({ shape, data }: Tensor, index: readonly number[]): number {
  return data[index.reduce((place, i, axis) => place * (shape[axis] as number) + i, 0)] as number;
}

describe("reshape", () => {
  it.each([
    { from: [2, 6], to: [3, 4] },
    { from: [12], to: [2, 3, 2] },
    { from: [2, 3, 2], to: [12] },
    { from: [1], to: [] },
    { from: [], to: [1, 1] },
    { from: [0, 3], to: [5, 0] },
  ])("keeps the numbers in order and has the right derivative, $from to $to", ({ from, to }) => {
    const x = filled(from);
    expectValues(() => reshape(x, to), to, Array.from(x.data));
    expectRightGradients([x], () => weightedSum(reshape(square(x), to)));
  });

  it("refuses a shape of another size", () => {
    expect(() => reshape(filled([2, 3]), [4])).toThrow(refusal("reshape: [2, 3] has 6 numbers, [4] needs 4."));
  });

  it.each([{ shape: [-2, -3] }, { shape: [0.5, 12] }, { shape: [Number.NaN] }])(
    "refuses $shape, which has an axis of no possible length",
    ({ shape }) => {
      expect(() => reshape(filled([2, 3]), shape)).toThrow(expect.objectContaining({ code: "UNROLLED_SHAPE" }));
    },
  );
});

describe("transpose", () => {
  const shapes: Shape[] = [[], [5], [3, 4], [2, 3, 4], [2, 3, 1, 4]];
  const cases = shapes.flatMap((shape) => orders(shape.length).map((order) => ({ shape, order })));

  it.each(cases)("$shape in the order $order: every number in its place, and the right derivative", ({ shape, order }) => {
    const x = filled(shape);
    const reordered = order.map((axis) => shape[axis] as number);
    const expected = indices(reordered).map((index) => {
      const original: number[] = [];
      for (const [position, axis] of order.entries()) original[axis] = index[position] as number;
      return at(x, original);
    });
    expectValues(() => transpose(x, order), reordered, expected);
    expectRightGradients([x], () => weightedSum(transpose(square(x), order)));
  });

  it("without an order reverses all axes", () => {
    const x = filled([2, 3, 4]);
    const reversed = transpose(x, [2, 1, 0]);
    expectValues(() => transpose(x), reversed.shape, reversed.data);
  });

  it("of a tensor without numbers only reorders its shape", () => {
    expectValues(() => transpose(filled([2, 0, 3]), [2, 1, 0]), [3, 0, 2], []);
  });

  it.each([{ order: [0] }, { order: [0, 0] }, { order: [0, 2] }, { order: [1, 0, 2] }, { order: [-1, 0] }])(
    "refuses the order $order for two axes",
    ({ order }) => {
      const message = `transpose: \`order\` must name each axis of [2, 3] once, received [${order.join(", ")}].`;
      expect(() => transpose(filled([2, 3]), order)).toThrow(refusal(message));
    },
  );
});

describe("slice", () => {
  const parts = [
    { start: 0, end: 1 },
    { start: 1, end: 3 },
    { start: 0, end: 4 },
    { start: 2, end: 2 },
    { start: 3, end: undefined },
  ];
  const shapes: Shape[] = [[4], [4, 3], [3, 4], [4, 2, 3], [2, 4, 3], [2, 3, 4]];
  const cases = shapes.flatMap((shape) => parts.map((part) => ({ shape, ...part })));

  it.each(cases)("$shape from $start to $end on the axis of 4: its numbers, and the right derivative", (part) => {
    const { shape, start, end } = part;
    const x = filled(shape);
    const axis = shape.indexOf(4);
    const sliced = shape.map((length, i) => (i === axis ? (end ?? 4) - start : length));
    const expected = indices(sliced).map((index) =>
      at(
        x,
        index.map((i, of) => (of === axis ? i + start : i)),
      ),
    );
    expectValues(() => slice(x, axis, start, end), sliced, expected);
    expectValues(() => slice(x, axis - shape.length, start, end), sliced, expected);
    expectRightGradients([x], () => weightedSum(slice(square(x), axis, start, end)));
  });

  it("of a variable itself has the right derivative, where the part is a view of the variable's memory", () => {
    const x = filled([4, 3]);
    expectRightGradients([x], () => weightedSum(square(slice(x, 0, 1, 3))));
  });

  it.each([
    { start: -1, end: 2 },
    { start: 0, end: 5 },
    { start: 3, end: 2 },
    { start: 0.5, end: 2 },
    { start: Number.NaN, end: 2 },
  ])("refuses the part from $start to $end of an axis of 4", ({ start, end }) => {
    const message = `slice: expected 0 ≤ start ≤ end ≤ 4 on axis 1 of [3, 4], received ${start} and ${end}.`;
    expect(() => slice(filled([3, 4]), 1, start, end)).toThrow(refusal(message));
  });

  it("refuses an axis that is not there", () => {
    expect(() => slice(filled([3, 4]), 2, 0)).toThrow(
      refusal("slice: `axis` must be a whole number from -2 to 1 for [3, 4], received 2."),
    );
  });
});

describe("concat", () => {
  it.each([0, 1, 2])("of three tensors on axis %i: all numbers in place, and the right derivative by each", (axis) => {
    const lengths = [2, 1, 3];
    const parts = lengths.map((length, seed) =>
      filled(
        [2, 3, 4].map((own, i) => (i === axis ? length : own)),
        seed + 1,
      ),
    );
    const joined = [2, 3, 4].map((own, i) => (i === axis ? 6 : own));
    const expected = indices(joined).map((index) => {
      let [part, i] = [0, index[axis] as number];
      while (i >= (lengths[part] as number)) i -= lengths[part++] as number;
      return at(
        parts[part] as Tensor,
        index.map((own, of) => (of === axis ? i : own)),
      );
    });
    expectValues(() => concat(parts, axis), joined, expected);
    expectValues(() => concat(parts, axis - 3), joined, expected);
    expectRightGradients(parts, () => weightedSum(concat(parts, axis)));
    expectRightGradients(parts.slice(1, 2), () => weightedSum(concat(parts, axis)));
  });

  it("joins along the last axis where none is given, and one tensor may come twice", () => {
    const x = filled([2, 2]);
    expect(concat([x, x]).shape).toEqual([2, 4]);
    expectRightGradients([x], () => weightedSum(concat([x, square(x), x])));
  });

  it("takes parts of length 0", () => {
    const x = filled([2, 3]);
    expectValues(() => concat([filled([2, 0]), x]), [2, 3], Array.from(x.data));
  });

  it("refuses tensors that differ on another axis, or in rank, and an empty list", () => {
    const x = filled([2, 3]);
    expect(() => concat([x, filled([3, 3])])).toThrow(
      refusal("concat: all tensors must be [2, 3] but for axis 1, received [3, 3]."),
    );
    expect(() => concat([x, filled([2])])).toThrow(refusal("concat: all tensors must be [2, 3] but for axis 1, received [2]."));
    expect(() => concat([])).toThrow(refusal("concat: expected at least one tensor, received none."));
    expect(() => concat([x], 2)).toThrow(refusal("concat: `axis` must be a whole number from -2 to 1 for [2, 3], received 2."));
  });
});

describe("stack", () => {
  it.each([{ shape: [] }, { shape: [3] }, { shape: [2, 3] }])("puts tensors of $shape on a new first axis", ({ shape }) => {
    const parts = [filled(shape, 1), filled(shape, 2), filled(shape, 3)];
    const expected = parts.flatMap(({ data }) => Array.from(data));
    expectValues(() => stack(parts), [3, ...shape], expected);
    expectRightGradients(parts, () => weightedSum(stack(parts)));
  });

  it("refuses tensors of different shapes, and an empty list", () => {
    expect(() => stack([filled([3]), filled([4])])).toThrow(expect.objectContaining({ code: "UNROLLED_SHAPE" }));
    expect(() => stack([])).toThrow(expect.objectContaining({ code: "UNROLLED_SHAPE" }));
  });
});

describe("shape ops", () => {
  it("chained give what plain JavaScript does, views of views included", () => {
    const x = filled([4, 6]);
    const chained = evaluate(() => slice(transpose(reshape(slice(x, 0, 1, 3), [3, 4])), 0, 1, 3));
    const expected = indices([2, 3]).map(([i, j]) => x.data[6 + (j as number) * 4 + (i as number) + 1]);
    expect(Array.from(chained.data)).toEqual(expected);
    expect(chained.shape).toEqual([2, 3]);
    expect(chained.size).toBe(sizeOf([2, 3]));
  });
});
