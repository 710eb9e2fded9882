import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { valueAndGradients } from "../autograd/gradients.js";
import { add } from "../autograd/ops/add.js";
import { concat } from "../autograd/ops/concat.js";
import { softmaxCrossEntropy } from "../autograd/ops/cross-entropy.js";
import { square } from "../autograd/ops/square.js";
import { sum } from "../autograd/ops/sum.js";
import type { Operand } from "../autograd/scope.js";
import { withEngine } from "../engine/current.js";
import { engines } from "../engine/testing/engines.js";
import { tensor } from "../tensor/create.js";
import { gru, lstm } from "./cells.js";
import { dense } from "./dense.js";
import { dropout } from "./dropout.js";
import { embedding } from "./embedding.js";
import { model } from "./model.js";
import { meanOverTime } from "./pooling.js";
import { sequential } from "./sequential.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";

interface Inputs {
  readings: Operand;
  words: number[][];
}

/** Two inputs, one of them of unequal lengths, and two outputs. */
function twoByTwo(seed: number, rate = 0) {
  return model(
    {
      sensor: lstm({ inputSize: 2, units: 3 }),
      words: sequential([embedding({ vocabularySize: 5, units: 4 }), gru({ units: 3, returnSequences: true })], { seed }),
      pool: meanOverTime(),
      drop: dropout(rate),
      label: dense({ inputSize: 6, units: 2 }),
      amount: dense({ inputSize: 6, units: 1 }),
    },
    ({ sensor, words, pool, drop, label, amount }, inputs: Inputs, { lengths }) => {
      const both = drop.apply(
        concat([sensor.apply(inputs.readings, lengths ? { lengths } : {}).output, pool.apply(words.apply(inputs.words))]),
      );
      return { label: label.apply(both), amount: amount.apply(both) };
    },
    { seed },
  );
}

const inputs: Inputs = {
  readings: randomTensor([2, 4, 2], 1),
  words: [
    [0, 4, 1],
    [3, 3, 2],
  ],
};

describe("model", () => {
  it("runs its function over several inputs and gives several outputs, which outlive the call", () => {
    const { label, amount } = twoByTwo(1).apply(inputs);
    expect([label.shape, amount.shape]).toEqual([
      [2, 2],
      [2, 1],
    ]);
    expect(label.data.every(Number.isFinite)).toBe(true);
    expect(plain(twoByTwo(1).apply(inputs, { lengths: [4, 2] }))).not.toEqual(plain(twoByTwo(1).apply(inputs)));
  });

  it("gives what a sequential of the same layers gives", () => {
    const layers = () =>
      [embedding({ vocabularySize: 5, units: 4, seed: 1 }), dense({ units: 3, inputSize: 4, seed: 2 })] as const;
    const [words, head] = layers();
    const own = model({ words, head }, ({ words, head }, ids: number[][]) => head.apply(words.apply(ids)));
    expect(plain(own.apply(inputs.words))).toEqual(plain(sequential(layers()).apply(inputs.words)));
  });

  it("has the right gradients by every parameter, with dropout on", () => {
    const network = twoByTwo(1, 0.4);
    const loss = () => {
      const { label, amount } = network.apply(inputs, { lengths: [4, 2] });
      return add(softmaxCrossEntropy(label, tensor(Int32Array.of(0, 1))), sum(square(amount)));
    };
    expect(checkGradients(network.parameters, loss).largestError).toBeLessThan(1e-6);
    const first = valueAndGradients(network.parameters, loss).value;
    expect(valueAndGradients(network.parameters, loss).value).not.toBe(first);
  });

  it("adds up the gradients of a layer that is called twice", () => {
    const shared = dense({ inputSize: 3, units: 3, seed: 1 });
    const twice = model({ shared }, ({ shared }, x: Operand) => shared.apply(shared.apply(x)));
    const x = randomTensor([2, 3], 1);
    expect(checkGradients([...twice.parameters, x], () => sum(square(twice.apply(x)))).largestError).toBeLessThan(1e-7);
  });

  it("names weights by its layers' names, and takes them over", () => {
    const [one, other] = [twoByTwo(1), twoByTwo(2)];
    expect([...one.stateDict().keys()]).toEqual([
      "sensor.weight_ih_l0",
      "sensor.weight_hh_l0",
      "sensor.bias_ih_l0",
      "sensor.bias_hh_l0",
      "words.0.weight",
      "words.1.weight_ih_l0",
      "words.1.weight_hh_l0",
      "words.1.bias_ih_l0",
      "words.1.bias_hh_l0",
      "label.weight",
      "label.bias",
      "amount.weight",
      "amount.bias",
    ]);
    expect(plain(other.apply(inputs))).not.toEqual(plain(one.apply(inputs)));
    other.loadStateDict(one.stateDict());
    expect(plain(other.apply(inputs))).toEqual(plain(one.apply(inputs)));
    expect(() => other.loadStateDict({})).toThrow("model: the weights don't fit: sensor.weight_ih_l0 is missing;");
  });

  it("counts a tied weight once, and adds up its gradients", () => {
    const words = embedding({ vocabularySize: 5, units: 3 });
    const tied = model({ words, head: dense({ tiedTo: words }) }, ({ words, head }, ids: number[][]) =>
      head.apply(words.apply(ids)),
    );
    expect(tied.parameterCount).toBe(20);
    expect(tied.parameters).toHaveLength(2);
    expect(checkGradients(tied.parameters, () => sum(square(tied.apply(inputs.words)))).largestError).toBeLessThan(1e-7);
  });

  it("begins with the same weights for the same seed alone", () => {
    expect(plain(twoByTwo(1).stateDict())).toEqual(plain(twoByTwo(1).stateDict()));
    expect(plain(twoByTwo(2).stateDict())).not.toEqual(plain(twoByTwo(1).stateDict()));
    expect(twoByTwo(7).seed).toBe(7);
  });

  it("shows its layers by name with shapes and counts, what is shared at the first alone", () => {
    const words = embedding({ vocabularySize: 5, units: 3 });
    const network = model(
      {
        words,
        encoder: lstm({ inputSize: 3, units: 3, layers: 2 }),
        drop: dropout(0.5),
        pool: meanOverTime(),
        head: dense({ tiedTo: words }),
      },
      ({ head }, x: Operand) => head.apply(x),
    );
    expect(network.summary()).toBe(
      `
layer                output                parameters
words (embedding)    [batch, …, 3]                 15
encoder (lstm × 2)   [batch, 3]                   192
drop (dropout)       [batch, …, features]           0
pool (meanOverTime)  [batch, features]              0
head (dense)         [batch, …, 5]                  5
total                                             212`.slice(1),
    );
  });

  it("refuses an unknown option, a layer with two names, and one that doesn't know its input", () => {
    const layer = dense({ inputSize: 2, units: 2 });
    const options: object = { sed: 1 };
    expect(() => model({ layer }, () => 0, options)).toThrow("model: there is no option `sed`; the options are seed.");
    expect(() => model({ a: layer, b: layer }, () => 0)).toThrow(
      "model: the same dense layer has two names; give it one, and call it as often as you like.",
    );
    expect(() => model({ layer: dense({ units: 2 }) }, () => 0)).toThrow(
      "dense: the size of its input is not known; set inputSize, or put the layer behind another in `sequential`.",
    );
  });

  it.each(engines)("refuses layers of two engines: $name beside another", ({ create }) => {
    const [here, there] = [create(), create()].map((engine) =>
      withEngine(engine, () => sequential([dense({ inputSize: 2, units: 2 })])),
    );
    expect(() => model({ here: here ?? dense({ units: 1 }), there: there ?? dense({ units: 1 }) }, () => 0)).toThrow(
      "model: the weights of there.0 are on another engine than those before it; make all layers of a model on one.",
    );
  });
});
