import { describe, expect, it } from "vitest";
import { tensor } from "../tensor/create.js";
import { dense } from "./dense.js";
import { randomTensor } from "./testing/random-tensor.js";

describe("dense", () => {
  const weights = {
    weight: tensor([
      [1, 2],
      [3, 4],
      [-5, 6],
    ]),
    bias: tensor([10, 20, 30]),
  };

  it("gives x Wᵀ + b for every row, and for every step of every sequence", () => {
    const layer = dense({ inputSize: 2, units: 3 });
    layer.loadStateDict(weights);
    expect(
      layer
        .apply([
          [1, 1],
          [2, 0],
        ])
        .toArray(),
    ).toEqual([
      [13, 27, 31],
      [12, 26, 20],
    ]);
    expect(
      layer
        .apply([
          [
            [1, 1],
            [2, 0],
          ],
        ])
        .toArray(),
    ).toEqual([
      [
        [13, 27, 31],
        [12, 26, 20],
      ],
    ]);
  });

  it("puts its activation behind that", () => {
    const layer = dense({ inputSize: 2, units: 3, activation: "relu" });
    layer.loadStateDict(weights);
    expect(layer.apply([[8, 0]]).toArray()).toEqual([[18, 44, 0]]);
  });

  it("begins with Glorot-uniform weights and biases of 0", () => {
    const layer = dense({ inputSize: 30, units: 50, seed: 1 });
    const limit = Math.sqrt(6 / 80);
    const values = layer.weight.read().data;
    expect(Math.max(...values)).toBeLessThanOrEqual(limit);
    expect(Math.max(...values)).toBeGreaterThan(0.99 * limit);
    expect(Math.min(...values)).toBeLessThan(-0.99 * limit);
    expect([...layer.bias.read().data]).toEqual(Array(50).fill(0));
    expect(dense({ inputSize: 30, units: 50, seed: 1 }).weight.read().data).toEqual(values);
    expect(dense({ inputSize: 30, units: 50, seed: 2 }).weight.read().data).not.toEqual(values);
  });

  it.each<[what: string, shape: number[], message: string]>([
    [
      "another number of features",
      [4, 3],
      "dense: `x` must be [batch, 2] or [batch, time, 2], received [4, 3]; set inputSize: 3 or feed 2 features.",
    ],
    ["too few axes", [2], "dense: `x` must be [batch, 2] or [batch, time, 2], received [2]."],
    ["no row", [0, 2], "dense: `x` must have at least one sequence and one step, received [0, 2]."],
    ["no step", [4, 0, 2], "dense: `x` must have at least one sequence and one step, received [4, 0, 2]."],
  ])("refuses an input with %s", (_what, shape, message) => {
    expect(() => dense({ inputSize: 2, units: 3 }).apply(randomTensor(shape, 1))).toThrow(
      expect.objectContaining({ code: "UNROLLED_SHAPE", message }),
    );
  });
});
