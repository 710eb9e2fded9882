import { expect, it } from "vitest";
import { valueAndGradients } from "../autograd/gradients.js";
import { softmaxCrossEntropy } from "../autograd/ops/cross-entropy.js";
import { tensor } from "../tensor/create.js";
import { fit } from "../training/fit.js";
import { crossEntropy } from "../training/losses/cross-entropy.js";
import { sgd } from "../training/optimizers/sgd.js";
import { gru } from "./cells.js";
import { dense } from "./dense.js";
import { embedding } from "./embedding.js";
import { type Sequential, sequential } from "./sequential.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";

const ids = [
  [0, 3, 3],
  [6, 1, 0],
];
const next = [
  [3, 3, 1],
  [1, 0, 2],
];

function tied(seed: number): Sequential {
  const words = embedding({ vocabularySize: 7, units: 4 });
  return sequential([words, gru({ units: 4, returnSequences: true }), dense({ tiedTo: words })], { seed });
}

it("a tied weight is one parameter with two names", () => {
  const network = tied(1);
  expect(network.parameters.map(({ name }) => name)).toEqual([
    "weight",
    "weight_ih_l0",
    "weight_hh_l0",
    "bias_ih_l0",
    "bias_hh_l0",
    "bias",
  ]);
  expect(network.parameterCount).toBe(28 + 4 * 3 * (4 + 4 + 2) + 7);
  expect(network.stateDict().get("2.weight")).toEqual(network.stateDict().get("0.weight"));
  expect(
    network
      .summary()
      .split("\n")
      .map((line) => line.split(/ {2,}/).at(-1)),
  ).toEqual(["parameters", "28", "120", "7", "155"]);
});

it("training takes one step along the sum of both uses' gradients, with the loss fused into the tied layer and without", async () => {
  const [fused, apart] = [tied(1), tied(1)];
  await fit(fused, [{ x: ids, y: next }], { loss: crossEntropy(), optimizer: sgd({ learningRate: 0.5 }) });
  const { gradients } = valueAndGradients(apart.parameters, () =>
    softmaxCrossEntropy(apart.apply(ids), tensor(Int32Array.from(next.flat()), [2, 3])),
  );
  const expected = Array.from(apart.parameters[0]?.read().data ?? [], (weight, at) => {
    return weight - 0.5 * (gradients[0]?.data[at] as number);
  });
  for (const [at, weight] of (fused.parameters[0]?.read().data ?? new Float32Array()).entries()) {
    expect(weight).toBeCloseTo(expected[at] as number, 6);
  }
});

it("loading keeps the tie, takes one of its names for both, and refuses two different weights", () => {
  const [one, other] = [tied(1), tied(2)];
  other.loadStateDict(one.stateDict());
  expect(plain(other.apply(ids))).toEqual(plain(one.apply(ids)));
  expect(other.layers[2]?.parameters[0]).toBe(other.layers[0]?.parameters[0]);

  const third = tied(3);
  const weights = one.stateDict();
  weights.delete("2.weight");
  third.loadStateDict(weights);
  expect(plain(third.apply(ids))).toEqual(plain(one.apply(ids)));
  weights.set("2.weight", randomTensor([7, 4], 1));
  expect(() => third.loadStateDict(weights)).toThrow(
    expect.objectContaining({
      code: "UNROLLED_STATE_DICT",
      message: expect.stringContaining("0.weight and 2.weight are one weight (tied), received two different ones"),
    }),
  );
  weights.delete("0.weight");
  weights.delete("2.weight");
  expect(() => third.loadStateDict(weights)).toThrow("0.weight is missing; 2.weight is missing");
});
