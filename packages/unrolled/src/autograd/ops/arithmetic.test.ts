import { describe, expect, it } from "vitest";
import { numbers, positiveNumbers } from "../../../kernels/testing/numbers.js";
import { tensor } from "../../tensor/create.js";
import { type Shape, sizeOf } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { expectRightGradients, expectValues, weightedSum } from "../testing/gradients.js";
import { add } from "./add.js";
import { divide } from "./divide.js";
import { multiply } from "./multiply.js";
import { subtract } from "./subtract.js";

const OPS = [
  { name: "add", op: add, exact: (a: number, b: number) => a + b },
  { name: "subtract", op: subtract, exact: (a: number, b: number) => a - b },
  { name: "multiply", op: multiply, exact: (a: number, b: number) => a * b },
  { name: "divide", op: divide, exact: (a: number, b: number) => a / b },
];

/** Two shapes and what they are brought to: an axis repeated in every place, on either side and on both. */
const SHAPES: readonly { a: Shape; b: Shape; common: Shape }[] = [
  { a: [], b: [], common: [] },
  { a: [5], b: [5], common: [5] },
  { a: [2, 3, 4], b: [2, 3, 4], common: [2, 3, 4] },
  { a: [2, 3], b: [], common: [2, 3] },
  { a: [2, 3], b: [1], common: [2, 3] },
  { a: [2, 3], b: [3], common: [2, 3] },
  { a: [2, 3], b: [2, 1], common: [2, 3] },
  { a: [2, 3], b: [1, 3], common: [2, 3] },
  { a: [2, 3], b: [1, 1], common: [2, 3] },
  { a: [2, 1], b: [1, 3], common: [2, 3] },
  { a: [2, 1], b: [3], common: [2, 3] },
  { a: [2, 3, 4], b: [3, 1], common: [2, 3, 4] },
  { a: [2, 3, 4], b: [2, 1, 4], common: [2, 3, 4] },
  { a: [2, 1, 4], b: [1, 3, 1], common: [2, 3, 4] },
  { a: [1, 3, 1], b: [5, 1, 2, 1, 6], common: [5, 1, 2, 3, 6] },
  { a: [0, 3], b: [1, 3], common: [0, 3] },
  { a: [2, 0], b: [2, 1], common: [2, 0] },
];

const BOTH_WAYS = SHAPES.flatMap(({ a, b, common }) => [
  { a, b, common },
  { a: b, b: a, common },
]);

/** Where the number at a place of the common shape stands in a tensor that is repeated to it. */
function placeIn(shape: Shape, common: Shape, place: number): number {
  let [index, rest, stride] = [0, place, 1];
  for (let axis = common.length - 1; axis >= 0; axis--) {
    const length = common[axis] as number;
    const own = shape[axis - common.length + shape.length] ?? 1;
    if (own !== 1) index += (rest % length) * stride;
    stride *= own;
    rest = Math.floor(rest / length);
  }
  return index;
}

function operands(a: Shape, b: Shape): [Tensor, Tensor] {
  return [tensor(numbers(sizeOf(a), 1), a), tensor(positiveNumbers(sizeOf(b), 2), b)];
}

describe.each(OPS)("$name", ({ name, op, exact }) => {
  it.each(BOTH_WAYS)("follows NumPy's rule for $a and $b: $common", ({ a, b, common }) => {
    const [x, y] = operands(a, b);
    const expected = Array.from({ length: sizeOf(common) }, (_, place) =>
      exact(x.data[placeIn(a, common, place)] as number, y.data[placeIn(b, common, place)] as number),
    );
    expectValues(() => op(x, y), common, expected);
  });

  it.each(BOTH_WAYS)("has the right derivative by both operands for $a and $b", ({ a, b }) => {
    const [x, y] = operands(a, b);
    expectRightGradients([x, y], () => weightedSum(op(x, y)));
  });

  it("has the right derivative where only one operand's is asked for, or both operands are the same", () => {
    const [x, y] = operands([2, 3], [3]);
    expectRightGradients([x], () => weightedSum(op(x, y)));
    expectRightGradients([y], () => weightedSum(op(x, y)));
    expectRightGradients([y], () => weightedSum(op(y, y)));
  });

  it.each([
    { a: [2, 3], b: [2], axis: "axis 1 of 2" },
    { a: [4, 3], b: [2, 3], axis: "axis 0 of 2" },
    { a: [2, 3], b: [5, 1, 4], axis: "axis 2 of 3" },
    { a: [3], b: [0], axis: "axis 0 of 1" },
  ])("refuses $a with $b and names $axis", ({ a, b, axis }) => {
    const [x, y] = operands(a, b);
    const message =
      `${name}: shapes must be equal or 1 on each axis, aligned at the last, ` +
      `received [${a.join(", ")}] and [${b.join(", ")}], which differ on ${axis}.`;
    expect(() => op(x, y)).toThrow(expect.objectContaining({ code: "UNROLLED_SHAPE", message }));
  });

  it("takes plain numbers and nested arrays", () => {
    expect(
      op(
        [
          [1, 2],
          [3, 4],
        ],
        2,
      ).toArray(),
    ).toEqual([
      [exact(1, 2), exact(2, 2)],
      [exact(3, 2), exact(4, 2)],
    ]);
    expect(op(1, [2, 4]).toArray()).toEqual([exact(1, 2), exact(1, 4)]);
  });
});
