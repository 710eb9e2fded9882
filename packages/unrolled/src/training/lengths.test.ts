import { describe, expect, it } from "vitest";
import { evaluate, valueAndGradients } from "../autograd/gradients.js";
import { add } from "../autograd/ops/add.js";
import { softmaxCrossEntropy } from "../autograd/ops/cross-entropy.js";
import { mean } from "../autograd/ops/mean.js";
import { scale } from "../autograd/ops/scale.js";
import { square } from "../autograd/ops/square.js";
import { subtract } from "../autograd/ops/subtract.js";
import { sum } from "../autograd/ops/sum.js";
import { withEngine } from "../engine/current.js";
import { engines } from "../engine/testing/engines.js";
import { gru, lstm } from "../layers/cells.js";
import { dense } from "../layers/dense.js";
import { embedding } from "../layers/embedding.js";
import type { RecurrentOptions } from "../layers/recurrent-options.js";
import { sequential } from "../layers/sequential.js";
import { plain } from "../layers/testing/plain.js";
import { randomTensor } from "../layers/testing/random-tensor.js";
import { tensor } from "../tensor/create.js";
import type { Batch } from "./batch.js";
import { evaluateLoss } from "./evaluate-loss.js";
import { fit } from "./fit.js";
import { crossEntropy } from "./losses/cross-entropy.js";
import { meanSquaredError } from "./losses/mean-squared-error.js";
import { sgd } from "./optimizers/sgd.js";

const lengths = [3, 5, 1, 5, 2];
const time = 6;
const valid = lengths.reduce((total, length) => total + length, 0);
const x = lengths.map((_, sequence) => Array.from({ length: time }, (_step, t) => (3 * sequence + 2 * t) % 4));
const y = lengths.map((_, sequence) => Array.from({ length: time }, (_step, t) => (sequence + t * t) % 3));
/** With anything past each sequence's end. */
const padded = (values: readonly number[][], padding: number) =>
  values.map((steps, sequence) => steps.map((value, t) => (t < (lengths[sequence] ?? 0) ? value : padding)));

const tagger = (own: Partial<RecurrentOptions> = {}) =>
  sequential(
    [
      embedding({ vocabularySize: 4, units: 3 }),
      gru({ units: 5, bidirectional: "concat", returnSequences: true, ...own }),
      dense({ units: 3 }),
    ],
    { seed: 1 },
  );

describe("the loss of sequences of unequal lengths", () => {
  it.each(engines)("is the mean over the steps that they have, and so are its gradients: $name", async ({ create }) => {
    const engine = create();
    const [network, own] = [withEngine(engine, () => tagger()), withEngine(engine, () => tagger())];
    const rate = 0.5;
    const losses: number[] = [];
    await fit(network, [{ x, y, lengths }], {
      loss: crossEntropy(),
      optimizer: sgd({ learningRate: rate }),
      onProgress: ({ loss }) => losses.push(loss),
    });
    // by hand: each sequence alone, weighed by its length
    const { value, gradients } = valueAndGradients(own.parameters, () => {
      const terms = lengths.map((length, sequence) => {
        const logits = own.apply([x[sequence]?.slice(0, length) ?? []]);
        return scale(softmaxCrossEntropy(logits, tensor([y[sequence]?.slice(0, length) ?? []])), length / valid);
      });
      return terms.reduce((total, term) => add(total, term));
    });
    expect(losses[0]).toBeCloseTo(value, 5);
    const before = own.parameters.map((parameter) => parameter.read().data);
    for (const [index, parameter] of network.parameters.entries()) {
      for (const [entry, weight] of parameter.read().data.entries()) {
        const expected = (before[index]?.[entry] ?? Number.NaN) - rate * (gradients[index]?.data[entry] ?? Number.NaN);
        expect(Math.abs(weight - expected)).toBeLessThan(1e-5);
      }
    }
  });

  it.each([99, -1, Number.NaN])("doesn't depend on what stands in the padding of x and y: %d", async (padding) => {
    const [clean, other] = [tagger(), tagger()];
    const options = () => ({ loss: crossEntropy(), optimizer: sgd({ learningRate: 0.5 }), epochs: 2 });
    await fit(clean, [{ x, y, lengths }], options());
    await fit(other, [{ x: padded(x, padding), y: padded(y, padding), lengths }], options());
    expect(plain(other.stateDict())).toEqual(plain(clean.stateDict()));
  });

  it("is the mean over numbers of the steps that they have, for targets that are numbers", async () => {
    const network = sequential([lstm({ inputSize: 2, units: 3, returnSequences: true })], { seed: 1 });
    const input = randomTensor([5, time, 2], 1).toArray() as number[][][];
    const targets = randomTensor([5, time, 3], 2).toArray() as number[][][];
    const poisoned = targets.map((steps, sequence) =>
      steps.map((step, t) => (t < (lengths[sequence] ?? 0) ? step : [Number.NaN, Number.NaN, Number.NaN])),
    );
    const expected = evaluate(() => {
      const squares = lengths.map((length, sequence) => {
        const output = network.apply([input[sequence]?.slice(0, length) ?? []]);
        return sum(square(subtract(output, [targets[sequence]?.slice(0, length) ?? []])));
      });
      return scale(
        squares.reduce((total, term) => add(total, term)),
        1 / (3 * valid),
      );
    }).item();
    const loss = await evaluateLoss(network, [{ x: input, y: poisoned, lengths }], meanSquaredError());
    expect(loss).toBeCloseTo(expected, 6);
  });

  it("is the mean over sequences where the network gives one output for each", async () => {
    const network = tagger({ returnSequences: false });
    const classes = [0, 2, 1, 1, 0];
    const expected = evaluate(() =>
      mean(
        lengths
          .map((length, sequence) =>
            softmaxCrossEntropy(network.apply([x[sequence]?.slice(0, length) ?? []]), tensor([classes[sequence] ?? 0])),
          )
          .map((each) => each.item()),
      ),
    ).item();
    expect(await evaluateLoss(network, [{ x, y: classes, lengths }], crossEntropy())).toBeCloseTo(expected, 5);
  });

  it("weighs batches by their steps, padding left out", async () => {
    const network = tagger();
    const part = (from: number, to: number): Batch => ({
      x: x.slice(from, to),
      y: y.slice(from, to),
      lengths: lengths.slice(from, to),
    });
    const whole = await evaluateLoss(network, [{ x, y, lengths }], crossEntropy());
    expect(await evaluateLoss(network, [part(0, 1), part(1, 3), part(3, 5)], crossEntropy())).toBeCloseTo(whole, 5);
  });

  it("refuses lengths that don't fit", async () => {
    const options = { loss: crossEntropy(), optimizer: sgd({ learningRate: 0.5 }) };
    await expect(fit(tagger(), [{ x, y, lengths: [1, 2] }], options)).rejects.toMatchObject({
      code: "UNROLLED_SHAPE",
      message: "embedding: `lengths` must have one entry for each of 5 sequences, received 2.",
    });
  });
});
