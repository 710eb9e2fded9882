import { describe, expect, it } from "vitest";
import type { Operand } from "../autograd/scope.js";
import { evaluateLoss } from "../training/evaluate-loss.js";
import { fit } from "../training/fit.js";
import { crossEntropy } from "../training/losses/cross-entropy.js";
import { meanSquaredError } from "../training/losses/mean-squared-error.js";
import { adam } from "../training/optimizers/adam.js";
import { sgd } from "../training/optimizers/sgd.js";
import { gru } from "./cells.js";
import { dense } from "./dense.js";
import { embedding } from "./embedding.js";
import { type Model, type ModelCall, model } from "./model.js";
import { sequential } from "./sequential.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";

const layers = () => ({
  words: embedding({ vocabularySize: 5, units: 4, seed: 1 }),
  encoder: gru({ inputSize: 4, units: 3, returnSequences: true, seed: 2 }),
  head: dense({ inputSize: 3, units: 2, seed: 3 }),
});

function tagger() {
  return model(layers(), ({ words, encoder, head }, ids: number[][], { lengths }: ModelCall) => {
    return head.apply(encoder.apply(words.apply(ids), lengths ? { lengths } : {}).output);
  });
}

const x = [
  [0, 4, 1, 2],
  [3, 3, 2, 0],
];
const y = [
  [0, 1, 1, 0],
  [1, 0, 0, 0],
];

describe("a model of one input and one output in fit", () => {
  it.each([undefined, [2, 4]])("learns what a sequential of the same layers learns, lengths %j", async (lengths) => {
    const own = tagger();
    const plainNetwork = sequential(Object.values(layers()));
    const data = [{ x, y, ...(lengths ? { lengths } : {}) }];
    const [mine, its] = [
      await fit(own, data, { loss: crossEntropy(), optimizer: sgd({ learningRate: 0.5 }), epochs: 3 }),
      await fit(plainNetwork, data, { loss: crossEntropy(), optimizer: sgd({ learningRate: 0.5 }), epochs: 3 }),
    ];
    expect(mine.epochs.map(({ loss }) => loss.toFixed(5))).toEqual(its.epochs.map(({ loss }) => loss.toFixed(5)));
    const [a, b] = [await evaluateLoss(own, data, crossEntropy()), await evaluateLoss(plainNetwork, data, crossEntropy())];
    expect(a).toBeCloseTo(b, 5);
  });

  it("keeps what is frozen as it is", async () => {
    const own = tagger();
    own.layers.words.trainable = false;
    const before = own.stateDict();
    await fit(own, [{ x, y }], { loss: crossEntropy(), optimizer: adam() });
    expect(plain(own.stateDict().get("words.weight"))).toEqual(plain(before.get("words.weight")));
    expect(plain(own.stateDict().get("head.weight"))).not.toEqual(plain(before.get("head.weight")));
  });

  it("is refused where its function gives no tensor, and where a batch would continue its states", async () => {
    const two = model(layers(), ({ words }, ids: number[][]) => ({ a: words.apply(ids), b: words.apply(ids) }));
    await expect(fit(two as Model<never, never, never>, [{ x, y }], { loss: crossEntropy(), optimizer: adam() })).rejects.toThrow(
      "model: fit trains a model of one input and one output, but its function gave no tensor; " +
        "train it in a loop of your own, with valueAndGradients and an optimizer's update.",
    );
    const continued = [
      { x, y },
      { x, y, continues: true },
    ];
    await expect(fit(tagger(), continued, { loss: crossEntropy(), optimizer: adam() })).rejects.toThrow(
      "batch: it continues the one before, but the states of encoder are up to the model's function; leave `continues` out, " +
        "or make the layer `stateful`.",
    );
  });

  it("names the layer whose weights are not finite", async () => {
    const own = model({ body: dense({ inputSize: 2, units: 2 }) }, ({ body }, input: Operand) => body.apply(input));
    own.layers.body.bias.write(randomTensor([2], 1));
    own.layers.body.weight.write(randomTensor([2, 2], 1));
    own.loadStateDict({ "body.weight": randomTensor([2, 2], 1), "body.bias": infinite() });
    const data = [{ x: randomTensor([3, 2], 1), y: randomTensor([3, 2], 2) }];
    await expect(fit(own, data, { loss: meanSquaredError(), optimizer: sgd() })).rejects.toThrow(
      "layer body (dense) has weights that are not finite",
    );
  });
});

function infinite() {
  const values = randomTensor([2], 1);
  values.data[0] = Number.POSITIVE_INFINITY;
  return values;
}
