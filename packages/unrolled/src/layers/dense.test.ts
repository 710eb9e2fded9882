import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { valueAndGradients } from "../autograd/gradients.js";
import { square } from "../autograd/ops/square.js";
import { sum } from "../autograd/ops/sum.js";
import { tanh } from "../autograd/ops/tanh.js";
import { withEngine } from "../engine/current.js";
import { referenceEngine } from "../engine/reference-engine.js";
import { tensor } from "../tensor/create.js";
import { dense } from "./dense.js";
import { embedding } from "./embedding.js";
import { sequential } from "./sequential.js";
import { expectFixture, readFixtures, weightsOf } from "./testing/fixtures.js";
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

describe("dense tied to an embedding", () => {
  const make = () => {
    const words = embedding({ vocabularySize: 7, units: 4, seed: 1 });
    return { words, head: dense({ tiedTo: words }) };
  };

  it("gives PyTorch's values and gradients, those of both uses added up, on every engine", () => {
    const fixture = readFixtures("tied");
    expectFixture(fixture, () => {
      const { words, head } = make();
      head.loadStateDict(weightsOf(fixture));
      return { variables: { weight: words.weight, bias: head.bias }, apply: (ids) => head.apply(tanh(words.apply(ids))) };
    });
  });

  it("reads the embedding's units and gives a number for each of its indices, with its very matrix", () => {
    const { words, head } = make();
    expect(head.units).toBe(7);
    expect(head.weight).toBe(words.weight);
    expect(head.parameters.map(({ name }) => name)).toEqual(["weight", "bias"]);
    words.loadStateDict({ weight: randomTensor([7, 4], 5) });
    expect(head.stateDict().get("weight")?.data).toEqual(randomTensor([7, 4], 5).data);
  });

  it("has the right gradients in a network, by the shared matrix as well", () => {
    const { words, head } = make();
    const network = sequential([words, dense({ units: 4, activation: "tanh", seed: 2 }), head], { seed: 3 });
    const loss = () => sum(square(network.apply([[0, 3, 3]])));
    const unique = [...new Set(network.parameters)];
    expect(unique).toHaveLength(4);
    expect(checkGradients(unique, loss).largestError).toBeLessThan(1e-7);
    expect(valueAndGradients(unique, loss).gradients[0]?.data.some((slope) => slope !== 0)).toBe(true);
  });

  it("refuses sizes of its own, a layer before it that doesn't fit, and another engine's embedding", () => {
    const { words } = make();
    const options: object = { tiedTo: words, units: 7 };
    expect(() => dense(options as { tiedTo: typeof words })).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: "dense: `units` comes from the embedding in `tiedTo`; leave it out.",
      }),
    );
    expect(() => sequential([words, dense({ units: 5 }), dense({ tiedTo: words })])).toThrow(
      expect.objectContaining({
        code: "UNROLLED_SHAPE",
        message:
          "dense: it is tied to an embedding of 4 units, but the layer before gives 5 features; give the embedding units: 5, " +
          "or put dense({ units: 4 }) between.",
      }),
    );
    expect(words.weight.shape).toEqual([7, 4]);
    withEngine(referenceEngine(), () => {
      expect(() => dense({ tiedTo: words }).weight).toThrow(
        "dense: the embedding that it is tied to is on another engine; make all layers of a network on one.",
      );
    });
  });
});
