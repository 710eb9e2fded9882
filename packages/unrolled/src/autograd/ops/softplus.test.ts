import { expect, it } from "vitest";
import { tensor } from "../../tensor/create.js";
import { expectRightGradients, expectValues, filled, weightedSum } from "../testing/gradients.js";
import { scale } from "./scale.js";
import { softplus } from "./softplus.js";

it("softplus: log(1 + eˣ) with derivative σ(x), at 0 and for large numbers too", () => {
  const x = tensor(Float64Array.of(-30, -1, 0, 2, 40));
  const exact = Array.from(x.data, (value) => Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value))));
  expectValues(() => softplus(x), [5], exact);
  expectRightGradients([x], () => weightedSum(softplus(x)));
  const wide = filled([2, 3, 5]);
  expectRightGradients([wide], () => weightedSum(softplus(scale(wide, 3))));
  expect(softplus([1000, -1000]).toArray()).toEqual([1000, 0]);
});
