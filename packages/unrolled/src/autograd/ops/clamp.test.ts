import { describe, expect, it } from "vitest";
import { expectRightGradients, expectValues, filled, weightedSum } from "../testing/gradients.js";
import { clamp } from "./clamp.js";

describe("clamp", () => {
  it("holds numbers within ±limit and keeps the shape", () => {
    expectValues(
      () =>
        clamp(
          [
            [2, -0.5, 1],
            [-7, 0, 0.25],
          ],
          1,
        ),
      [2, 3],
      [1, -0.5, 1, -1, 0, 0.25],
    );
  });

  it("has the gradient of finite differences: dy inside, none where the limit holds", () => {
    const x = filled([3, 7]);
    expectRightGradients([x], () => weightedSum(clamp(x, 0.9)));
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses the limit %d, saying what it must be", (limit) => {
    expect(() => clamp([1], limit)).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: `clamp: \`limit\` must be a finite number above 0, received ${limit}.`,
      }),
    );
  });
});
