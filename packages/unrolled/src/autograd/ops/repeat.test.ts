import { expect, it } from "vitest";
import { expectRightGradients, filled, weightedSum } from "../testing/gradients.js";
import { repeatRows } from "./repeat.js";
import { square } from "./square.js";

it("repeatRows: all rows, again and again, and gradients added up", () => {
  const x = filled([2, 5]);
  const y = repeatRows(x, 3);
  expect(y.shape).toEqual([6, 5]);
  expect([...y.data]).toEqual([...x.data, ...x.data, ...x.data]);
  expectRightGradients([x], () => weightedSum(square(repeatRows(x, 3))));
});
