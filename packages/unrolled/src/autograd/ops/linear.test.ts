import { describe, expect, it } from "vitest";
import { expectRightGradients, expectValues, filled, weightedSum } from "../testing/gradients.js";
import { linear } from "./linear.js";
import { square } from "./square.js";

describe("linear", () => {
  it.each([
    { x: [3], units: 2, y: [2] },
    { x: [5, 3], units: 4, y: [5, 4] },
    { x: [2, 3, 7], units: 9, y: [2, 3, 9] },
    { x: [0, 3], units: 2, y: [0, 2] },
  ])("x $x with $units units: x Wᵀ + b, and the right derivatives by x, weight and bias", ({ x, units, y }) => {
    const inputs = x.at(-1) as number;
    const [input, weight, bias] = [filled(x, 1), filled([units, inputs], 2), filled([units], 3)];
    const expected = Array.from({ length: (input.size / inputs) * units }, (_, at) => {
      const [row, unit] = [Math.floor(at / units), at % units];
      let sum = bias.data[unit] as number;
      for (let i = 0; i < inputs; i++) {
        sum += (input.data[row * inputs + i] as number) * (weight.data[unit * inputs + i] as number);
      }
      return sum;
    });
    expectValues(() => linear(input, weight, bias), y, expected);
    const loss = () => weightedSum(square(linear(input, weight, bias)));
    expectRightGradients([input, weight, bias], loss);
    for (const variable of [input, weight, bias]) expectRightGradients([variable], loss);
  });

  it.each([
    { x: [4, 3], weight: [2, 4], bias: [2] },
    { x: [4, 3], weight: [2, 3], bias: [3] },
    { x: [4, 3], weight: [2, 3], bias: [2, 1] },
    { x: [4, 3], weight: [3], bias: [3] },
    { x: [], weight: [2, 3], bias: [2] },
    { x: [4, 3], weight: [0, 3], bias: [0] },
    { x: [4, 0], weight: [2, 0], bias: [2] },
  ])("refuses x $x with weight $weight and bias $bias", ({ x, weight, bias }) => {
    const message =
      "linear: expected x […, inputs], weight [units, inputs] and bias [units], received " +
      `[${x.join(", ")}], [${weight.join(", ")}] and [${bias.join(", ")}].`;
    expect(() => linear(filled(x), filled(weight), filled(bias))).toThrow(
      expect.objectContaining({ code: "UNROLLED_SHAPE", message }),
    );
  });
});
