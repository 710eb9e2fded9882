import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { valueAndGradients } from "../autograd/gradients.js";
import { square } from "../autograd/ops/square.js";
import { sum } from "../autograd/ops/sum.js";
import { fit } from "../training/fit.js";
import { meanSquaredError } from "../training/losses/mean-squared-error.js";
import { adam } from "../training/optimizers/adam.js";
import { sgd } from "../training/optimizers/sgd.js";
import { attentionPooling } from "./attention-pooling.js";
import { gru, lstm } from "./cells.js";
import { dense } from "./dense.js";
import { embedding } from "./embedding.js";
import { layerNorm } from "./layer-norm.js";
import { model } from "./model.js";
import { residual } from "./residual.js";
import { type Sequential, sequential } from "./sequential.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";

const x = randomTensor([3, 4, 2], 1);
const y = randomTensor([3, 2], 2);

function network(trainable?: boolean): Sequential {
  return sequential(
    [
      lstm({ inputSize: 2, units: 3, ...(trainable === undefined ? {} : { trainable }) }),
      dense({ units: 4 }),
      dense({ units: 2 }),
    ],
    { seed: 1 },
  );
}

const weightsOf = (of: Sequential, layer: number) => plain(of.layers[layer]?.stateDict());

describe.each([
  { when: "by its option", make: () => network(false) },
  {
    when: "after it was built",
    make: () => {
      const made = network();
      for (const layer of made.layers.slice(0, 1)) layer.trainable = false;
      return made;
    },
  },
  {
    when: "before it was built",
    make: () => {
      const layer = lstm({ inputSize: 2, units: 3 });
      layer.trainable = false;
      return sequential([layer, dense({ units: 4 }), dense({ units: 2 })], { seed: 1 });
    },
  },
])("a layer that was frozen $when", ({ make }) => {
  it("keeps its weights in training, while the others change", async () => {
    const frozen = make();
    expect(frozen.layers.map(({ trainable }) => trainable)).toEqual([false, true, true]);
    const before = [0, 1, 2].map((layer) => weightsOf(frozen, layer));
    for (const clipNorm of [undefined, 0.1]) {
      await fit(frozen, [{ x, y }], {
        loss: meanSquaredError(),
        optimizer: adam(),
        epochs: 3,
        ...(clipNorm ? { clipNorm } : {}),
      });
    }
    expect(weightsOf(frozen, 0)).toEqual(before[0]);
    expect(weightsOf(frozen, 1)).not.toEqual(before[1]);
    expect(weightsOf(frozen, 2)).not.toEqual(before[2]);
  });

  it("gets gradients of 0, and the others those that they get beside a trained one", () => {
    const [frozen, trained] = [make(), network()].map((of) => valueAndGradients(of.parameters, () => sum(square(of.apply(x)))));
    expect(frozen?.value).toBe(trained?.value);
    for (const [index, gradient] of (frozen?.gradients ?? []).entries()) {
      if (index < 4) expect(gradient.data.every((slope) => slope === 0)).toBe(true);
      else expect(plain(gradient)).toEqual(plain(trained?.gradients[index]));
    }
  });

  it("is left as it is by an optimizer in a loop of one's own, whatever gradient it is given", () => {
    const frozen = make();
    const before = weightsOf(frozen, 0);
    const gradients = frozen.parameters.map(({ shape }) => randomTensor(shape, 3));
    for (const optimizer of [sgd({ momentum: 0.9 }), adam()]) optimizer.update(frozen.parameters, gradients);
    expect(weightsOf(frozen, 0)).toEqual(before);
    expect(weightsOf(frozen, 1)).not.toEqual(weightsOf(make(), 1));
  });

  it("is passed over by checkGradients, and told apart in counts and summary", () => {
    const frozen = make();
    expect(checkGradients(frozen.parameters, () => sum(square(frozen.apply(x)))).largestError).toBeLessThan(1e-6);
    const [all, own] = [frozen.parameterCount, 4 * 3 * (2 + 3 + 2)];
    expect(all).toBe(own + 16 + 10);
    expect(frozen.trainableParameters.reduce((count, { size }) => count + size, 0)).toBe(26);
    expect(
      frozen
        .summary()
        .split("\n")
        .slice(-3)
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ["total", "110"],
      ["trained", "26"],
      ["frozen", "84"],
    ]);
    expect(network().summary()).not.toContain("frozen");
  });

  it("learns again once it is set to", async () => {
    const thawed = make();
    for (const layer of thawed.layers) layer.trainable = true;
    const before = weightsOf(thawed, 0);
    await fit(thawed, [{ x, y }], { loss: meanSquaredError(), optimizer: sgd() });
    expect(weightsOf(thawed, 0)).not.toEqual(before);
  });
});

describe("trainable", () => {
  it.each([
    { kind: "dense", make: () => dense({ inputSize: 2, units: 2, trainable: false }) },
    { kind: "embedding", make: () => embedding({ vocabularySize: 2, units: 2, trainable: false }) },
    { kind: "layerNorm", make: () => layerNorm({ inputSize: 2, trainable: false }) },
    { kind: "attentionPooling", make: () => attentionPooling({ inputSize: 2, units: 2, trainable: false }) },
    { kind: "gru", make: () => gru({ inputSize: 2, units: 2, trainable: false }) },
  ])("is an option of every layer with weights: $kind", ({ make }) => {
    const layer = make();
    expect(layer.parameters.length).toBeGreaterThan(0);
    expect(layer.parameters.every(({ trainable }) => !trainable)).toBe(true);
    expect(layer.trainable).toBe(false);
  });

  it("reaches the layers inside a residual connection", () => {
    const [before, after] = [residual(dense({ inputSize: 2, units: 2 })), residual(dense({ inputSize: 2, units: 2 }))];
    before.trainable = false;
    expect(after.parameters).toHaveLength(2);
    after.trainable = false;
    for (const block of [before, after]) expect(block.parameters.map(({ trainable }) => trainable)).toEqual([false, false]);
  });

  it("tells trained and frozen apart in a model", () => {
    const made = model(
      { words: embedding({ vocabularySize: 3, units: 2, trainable: false }), head: dense({ inputSize: 2, units: 2 }) },
      ({ words, head }, ids: number[]) => head.apply(words.apply(ids)),
    );
    expect([made.parameterCount, made.trainableParameters.length]).toEqual([12, 2]);
    expect(made.summary()).toContain("frozen");
  });

  it("of a whole network that is frozen, training changes nothing", async () => {
    const still = network();
    for (const layer of still.layers) layer.trainable = false;
    const before = plain(still.stateDict());
    await fit(still, [{ x, y }], { loss: meanSquaredError(), optimizer: adam(), clipNorm: 1 });
    expect(plain(still.stateDict())).toEqual(before);
  });
});
