import { describe, expect, it } from "vitest";
import { valueAndGradients } from "../autograd/gradients.js";
import { softmaxCrossEntropy } from "../autograd/ops/cross-entropy.js";
import { withEngine } from "../engine/current.js";
import { engines } from "../engine/testing/engines.js";
import { plain } from "../layers/testing/plain.js";
import type { Tensor } from "../tensor/tensor.js";
import { fit } from "./fit.js";
import { crossEntropy } from "./losses/cross-entropy.js";
import { adagrad } from "./optimizers/adagrad.js";
import { adam } from "./optimizers/adam.js";
import { adamw } from "./optimizers/adamw.js";
import { rmsprop } from "./optimizers/rmsprop.js";
import { sgd } from "./optimizers/sgd.js";
import { recallBatches, recallNetwork } from "./testing/recall.js";

const made = { layers: 2, dropout: 0.3, units: 10 };

describe.each(engines)("training on the $name engine", ({ create }) => {
  /** Losses and weights of a training with dropout, Adam, clipping and validation. */
  async function train(seed: number): Promise<unknown> {
    const network = withEngine(create(), () => recallNetwork({ ...made, seed }));
    const losses: unknown[] = [];
    await fit(network, recallBatches(10, 1), {
      loss: crossEntropy(),
      optimizer: adam({ learningRate: 0.01 }),
      epochs: 2,
      clipNorm: 0.5,
      validation: recallBatches(2, 2),
      onProgress: ({ loss, meanLoss, validationLoss, gradientNorm }) =>
        losses.push([loss, meanLoss, validationLoss, gradientNorm]),
    });
    return { losses, weights: plain(network.stateDict()) };
  }

  it("gives the very same losses and weights twice for the same seed, and others for another", async () => {
    const first = await train(1);
    expect(await train(1)).toEqual(first);
    expect(await train(2)).not.toEqual(first);
  });

  it.each([
    { name: "adam", make: () => adam({ learningRate: 0.01 }) },
    { name: "sgd with momentum", make: () => sgd({ learningRate: 0.1, momentum: 0.9 }) },
    { name: "sgd with Nesterov momentum", make: () => sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true }) },
    { name: "rmsprop", make: () => rmsprop({ learningRate: 0.01 }) },
    { name: "adagrad", make: () => adagrad({ learningRate: 0.1 }) },
    { name: "adamw", make: () => adamw({ learningRate: 0.01, weightDecay: 0.1 }) },
  ])("takes the very steps of fit in a loop of one's own, dropout included: $name", async ({ make }) => {
    const engine = create();
    const [fitted, own] = [withEngine(engine, () => recallNetwork(made)), withEngine(engine, () => recallNetwork(made))];
    const batches = recallBatches(8, 1);
    await fit(fitted, batches, { loss: crossEntropy(), optimizer: make() });
    const optimizer = make();
    for (const { x, y } of batches) {
      const { gradients } = valueAndGradients(own.parameters, () => softmaxCrossEntropy(own.apply(x), y as Tensor));
      optimizer.update(own.parameters, gradients);
    }
    expect(plain(own.stateDict())).toEqual(plain(fitted.stateDict()));
  });
});

it("two trainings at once, on one engine, give what each gives alone", async () => {
  const options = () => ({ loss: crossEntropy(), optimizer: adam({ learningRate: 0.01 }), epochs: 2 });
  const alone = [recallNetwork({ ...made, seed: 1 }), recallNetwork({ ...made, seed: 2 })];
  for (const network of alone) await fit(network, recallBatches(5, 1), options());
  const together = [recallNetwork({ ...made, seed: 1 }), recallNetwork({ ...made, seed: 2 })];
  await Promise.all(together.map((network) => fit(network, recallBatches(5, 1), options())));
  expect(together.map((network) => plain(network.stateDict()))).toEqual(alone.map((network) => plain(network.stateDict())));
});

it("using the network between steps, for a sample say, changes nothing in its training", async () => {
  const options = () => ({ loss: crossEntropy(), optimizer: adam() });
  const [watched, plainly] = [recallNetwork(made), recallNetwork(made)];
  const stream = watched.stream();
  await fit(watched, recallBatches(5, 1), {
    ...options(),
    onProgress() {
      stream.step(1);
      watched.apply([[0, 1, 2]]);
    },
  });
  await fit(plainly, recallBatches(5, 1), options());
  expect(plain(watched.stateDict())).toEqual(plain(plainly.stateDict()));
});
