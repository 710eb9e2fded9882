import { describe, expect, it } from "vitest";
import { withEngine } from "../../engine/current.js";
import { engines } from "../../engine/testing/engines.js";
import { tensor } from "../../tensor/create.js";
import { Parameter } from "../../tensor/parameter.js";
import { valueAndGradients } from "../gradients.js";
import type { Operand } from "../scope.js";
import { expectRightGradients, expectValues, filled, weightedSum } from "../testing/gradients.js";
import { linearCrossEntropy } from "./cross-entropy.js";
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

  it.each(engines)(
    "$name engine: a parameter, whose packed forms are kept, gives the bits that a tensor of its values gives",
    (subject) => {
      const engine = subject.create();
      const [x, weight, bias, targets] = [
        filled([5, 3], 1),
        filled([7, 3], 2),
        filled([7], 3),
        tensor(Int32Array.of(0, 6, 2, 2, 5)),
      ];
      const [keptWeight, keptBias] = [weight, bias].map(
        (values, index) => new Parameter(engine, `p${index}`, values.shape, () => values.data),
      );
      for (const loss of [
        (w: Operand, b: Operand) => weightedSum(square(linear(x, w, b))),
        (w: Operand, b: Operand) => linearCrossEntropy(x, w, b, targets),
      ]) {
        const expected = withEngine(engine, () => valueAndGradients([x, weight, bias], () => loss(weight, bias)));
        const kept = [keptWeight, keptBias] as [Parameter, Parameter];
        const actual = valueAndGradients([x, ...kept], () => loss(...kept));
        expect(actual.value).toBe(expected.value);
        expect(actual.gradients.map(({ data }) => data)).toEqual(expected.gradients.map(({ data }) => data));
      }
    },
  );

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
