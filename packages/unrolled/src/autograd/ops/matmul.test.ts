import { describe, expect, it } from "vitest";
import { tensor } from "../../tensor/create.js";
import { expectRightGradients, expectValues, filled, weightedSum } from "../testing/gradients.js";
import { matmul } from "./matmul.js";
import { square } from "./square.js";

const CASES = [
  { a: [1, 1], b: [1, 1], y: [1, 1] },
  { a: [2, 3], b: [3, 4], y: [2, 4] },
  { a: [1, 5], b: [5, 9], y: [1, 9] },
  { a: [7, 4], b: [4, 1], y: [7, 1] },
  { a: [2, 3, 5], b: [5, 4], y: [2, 3, 4] },
  { a: [2, 1, 3, 4], b: [4, 10], y: [2, 1, 3, 10] },
];

describe("matmul", () => {
  it.each(CASES)("$a · $b is $y: every number the sum of products", ({ a, b, y }) => {
    const [left, right] = [filled(a, 1), filled(b, 2)];
    const [k, n] = b as [number, number];
    const expected = Array.from({ length: (left.size / k) * n }, (_, at) => {
      const row = Math.floor(at / n);
      let sum = 0;
      for (let p = 0; p < k; p++) sum += (left.data[row * k + p] as number) * (right.data[p * n + (at % n)] as number);
      return sum;
    });
    expectValues(() => matmul(left, right), y, expected);
  });

  it.each(CASES)("$a · $b: the right derivative by each operand, and by each alone", ({ a, b }) => {
    const [left, right] = [filled(a, 1), filled(b, 2)];
    const loss = () => weightedSum(square(matmul(left, right)));
    expectRightGradients([left, right], loss);
    expectRightGradients([left], loss);
    expectRightGradients([right], loss);
  });

  it("of a matrix with itself has the right derivative", () => {
    const x = filled([3, 3]);
    expectRightGradients([x], () => weightedSum(matmul(x, x)));
  });

  it("over an inner axis of length 0 is 0, and without rows or columns nothing", () => {
    expectValues(() => matmul(filled([2, 0]), filled([0, 3])), [2, 3], [0, 0, 0, 0, 0, 0]);
    expectValues(() => matmul(filled([0, 2]), filled([2, 3])), [0, 3], []);
    expectValues(() => matmul(filled([3, 2]), filled([2, 0])), [3, 0], []);
  });

  it.each([
    { a: [2, 3], b: [4, 2] },
    { a: [3], b: [3, 2] },
    { a: [2, 3], b: [3] },
    { a: [2, 3], b: [2, 3, 4] },
    { a: [], b: [1, 1] },
  ])("refuses $a · $b", ({ a, b }) => {
    const message = `matmul: expected […, m, k] and [k, n], received [${a.join(", ")}] and [${b.join(", ")}].`;
    expect(() => matmul(filled(a), filled(b))).toThrow(expect.objectContaining({ code: "UNROLLED_SHAPE", message }));
  });

  it("takes nested arrays", () => {
    expect(
      matmul(
        [
          [1, 2],
          [3, 4],
        ],
        tensor([[5], [6]]),
      ).toArray(),
    ).toEqual([[17], [39]]);
  });
});
