import { describe, expect, it } from "vitest";
import { expectRightGradients, expectValues, filled, weightedSum } from "../testing/gradients.js";
import { layerNorm } from "./layer-norm.js";
import { square } from "./square.js";

describe("layerNorm", () => {
  it.each([{ shape: [1] }, { shape: [5] }, { shape: [3, 4] }, { shape: [2, 3, 9] }, { shape: [0, 4] }])(
    "along the last axis of $shape: values and the right derivatives by x, weight and bias",
    ({ shape }) => {
      const features = shape.at(-1) as number;
      const [x, weight, bias] = [filled(shape, 1), filled([features], 2), filled([features], 3)];
      const epsilon = 0.01;
      const expected = Array.from(x.data, (value, at) => {
        const row = Array.from(x.data).slice(at - (at % features), at - (at % features) + features);
        const mean = row.reduce((sum, other) => sum + other, 0) / features;
        const variance = row.reduce((sum, other) => sum + (other - mean) ** 2, 0) / features;
        const [w, b] = [weight.data[at % features] as number, bias.data[at % features] as number];
        return ((value - mean) / Math.sqrt(variance + epsilon)) * w + b;
      });
      expectValues(() => layerNorm(x, weight, bias, epsilon), shape, expected, 4e-6);
      const loss = () => weightedSum(square(layerNorm(x, weight, bias, epsilon)));
      expectRightGradients([x, weight, bias], loss);
      for (const variable of [x, weight, bias]) expectRightGradients([variable], loss);
    },
  );

  it.each([
    { x: [4, 3], weight: [4], bias: [3] },
    { x: [4, 3], weight: [3], bias: [1, 3] },
    { x: [], weight: [1], bias: [1] },
    { x: [4, 0], weight: [0], bias: [0] },
  ])("refuses x $x with weight $weight and bias $bias", ({ x, weight, bias }) => {
    const message =
      "layerNorm: expected x […, features], weight [features] and bias [features], received " +
      `[${x.join(", ")}], [${weight.join(", ")}] and [${bias.join(", ")}].`;
    expect(() => layerNorm(filled(x), filled(weight), filled(bias), 1e-5)).toThrow(
      expect.objectContaining({ code: "UNROLLED_SHAPE", message }),
    );
  });
});
