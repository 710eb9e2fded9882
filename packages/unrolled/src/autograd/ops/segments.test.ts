import { describe, it } from "vitest";
import { expectRightGradients, expectValues, filled, weightedSum } from "../testing/gradients.js";
import { segmentMax } from "./segment-max.js";
import { segmentSoftmax } from "./segment-softmax.js";
import { segmentSum } from "./segment-sum.js";
import { square } from "./square.js";

/** Rows of three sequences of lengths 4, 1 and 2, packed by time. */
const SEGMENTS = Int32Array.of(2, 0, 1, 2, 0, 2, 2);
const ROWS = SEGMENTS.length;

const rowsOf = (segment: number) => Array.from(SEGMENTS.keys()).filter((row) => SEGMENTS[row] === segment);

describe.each([1, 4, 5])("over segments of rows with %i columns", (columns) => {
  const x = filled([ROWS, columns], 1);
  const weights = filled([ROWS], 2);
  const valueAt = (row: number, column: number) => x.data[row * columns + column] as number;
  const each = (value: (rows: number[], column: number) => number) =>
    [0, 1, 2].flatMap((segment) => Array.from({ length: columns }, (_, column) => value(rowsOf(segment), column)));

  it("segmentSum: the weighted sum of each, and the right derivatives by rows and weights", () => {
    const expected = each((rows, column) =>
      rows.reduce((sum, row) => sum + (weights.data[row] as number) * valueAt(row, column), 0),
    );
    expectValues(() => segmentSum(x, weights, SEGMENTS, 3), [3, columns], expected);
    const loss = () => weightedSum(square(segmentSum(x, weights, SEGMENTS, 3)));
    for (const variables of [[x, weights], [x], [weights]]) expectRightGradients(variables, loss);
  });

  it("segmentMax: the largest of each, and the right derivative", () => {
    const expected = each((rows, column) => Math.max(...rows.map((row) => valueAt(row, column))));
    expectValues(() => segmentMax(x, SEGMENTS, 3), [3, columns], expected);
    expectRightGradients([x], () => weightedSum(square(segmentMax(x, SEGMENTS, 3))));
  });
});

it("segmentSoftmax: the softmax of each segment, and the right derivative", () => {
  const x = filled([ROWS]);
  const expected = Array.from(x.data, (value, row) => {
    const others = rowsOf(SEGMENTS[row] as number);
    return Math.exp(value) / others.reduce((sum, other) => sum + Math.exp(x.data[other] as number), 0);
  });
  expectValues(() => segmentSoftmax(x, SEGMENTS, 3), [ROWS], expected);
  expectRightGradients([x], () => weightedSum(square(segmentSoftmax(x, SEGMENTS, 3))));
});
