import { describe, expect, it } from "vitest";
import { withEngine } from "../engine/current.js";
import { engines } from "../engine/testing/engines.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Batch } from "./batch.js";
import { fit } from "./fit.js";
import type { FitOptions } from "./fit-options.js";
import type { TrainingProgress } from "./history.js";
import { crossEntropy } from "./losses/cross-entropy.js";
import { meanSquaredError } from "./losses/mean-squared-error.js";
import { adam } from "./optimizers/adam.js";
import { sgd } from "./optimizers/sgd.js";
import { lineBatch, lineNetwork, lineOf } from "./testing/line.js";
import { recallBatches, recallNetwork } from "./testing/recall.js";

/** The sequences of some batches as one. */
function together(batches: readonly Batch[]): Batch {
  const join = (field: "x" | "y") => batches.flatMap((batch) => (batch[field] as Tensor).toArray() as number[]);
  return { x: join("x"), y: join("y") };
}

describe.each(engines)("gradients of several batches on the $name engine", ({ create }) => {
  it("make the step of one large batch", async () => {
    const engine = create();
    const batches = recallBatches(6, 1);
    const large = [0, 3].map((first) => together(batches.slice(first, first + 3)));
    const train = async (data: Batch[], accumulate: number) => {
      const network = withEngine(engine, () => recallNetwork());
      const seen: TrainingProgress[] = [];
      const options = { loss: crossEntropy(), optimizer: sgd({ learningRate: 0.5 }), clipNorm: 0.3, epochs: 2 };
      await fit(network, data, { ...options, accumulate, onProgress: (progress) => seen.push(progress) });
      return { seen, weights: network.parameters.flatMap((parameter) => Array.from(parameter.read().data)) };
    };
    const [parts, whole] = [await train(batches, 3), await train(large, 1)];
    expect(parts.seen.map(({ step, steps }) => [step, steps])).toEqual(whole.seen.map(({ step, steps }) => [step, steps]));
    for (const [index, { loss, gradientNorm }] of parts.seen.entries()) {
      expect(loss).toBeCloseTo(whole.seen[index]?.loss ?? 0, 5);
      expect(gradientNorm).toBeCloseTo(whole.seen[index]?.gradientNorm ?? 0, 5);
    }
    const errors = parts.weights.map((weight, index) => Math.abs(weight - (whole.weights[index] ?? Number.NaN)));
    expect(Math.max(...errors)).toBeLessThan(1e-5);
  });
});

describe("accumulate", () => {
  const options = (): FitOptions => ({ loss: meanSquaredError(), optimizer: sgd({ learningRate: 0.05 }) });

  it("weighs batches by their rows and weights, as one batch would", async () => {
    const [parts, whole] = [lineNetwork(), lineNetwork()];
    await fit(parts, [lineBatch([1, 2, 3], [2, 4, 5]), { ...lineBatch([-1], [3]), sampleWeights: [0.5] }], {
      ...options(),
      accumulate: 2,
    });
    await fit(whole, [{ ...lineBatch([1, 2, 3, -1], [2, 4, 5, 3]), sampleWeights: [1, 1, 1, 0.5] }], options());
    for (const [index, value] of lineOf(parts).entries()) expect(value).toBeCloseTo(lineOf(whole)[index] ?? 0, 6);
  });

  it("ends an epoch with a step of what is left, and counts steps accordingly", async () => {
    const batches = [1, 2, 3, 4, 5].map((x) => lineBatch([x], [2 * x]));
    const seen: (number | undefined)[][] = [];
    const network = lineNetwork();
    const history = await fit(network, batches, {
      ...options(),
      optimizer: sgd({ learningRate: 0.001 }),
      accumulate: 2,
      epochs: 2,
      onProgress: ({ epoch, step, steps }) => seen.push([epoch, step, steps]),
    });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6].map((step) => [step > 3 ? 2 : 1, step, 6]));
    expect(history.epochs.map(({ step }) => step)).toEqual([3, 6]);
    const own = lineNetwork();
    const groups = [lineBatch([1, 2], [2, 4]), lineBatch([3, 4], [6, 8]), lineBatch([5], [10])];
    const expected = await fit(own, groups, { ...options(), optimizer: sgd({ learningRate: 0.001 }), epochs: 2 });
    for (const [index, value] of lineOf(network).entries()) expect(value).toBeCloseTo(lineOf(own)[index] ?? 0, 6);
    expect(history.epochs[0]?.loss).toBeCloseTo(expected.epochs[0]?.loss ?? 0, 6);
  });

  it("lets a signal end training after the step at hand is whole", async () => {
    const controller = new AbortController();
    async function* batches(): AsyncGenerator<Batch> {
      for (let index = 0; index < 10; index++) {
        if (index === 3) controller.abort();
        yield await Promise.resolve(lineBatch([1], [2]));
      }
    }
    const history = await fit(lineNetwork(), batches, { ...options(), accumulate: 3, signal: controller.signal });
    expect(history).toMatchObject({ steps: 2, interrupted: true });
  });

  it("of 1 changes no bit", async () => {
    const [one, plainly] = [recallNetwork(), recallNetwork()];
    await fit(one, recallBatches(3, 1), { loss: crossEntropy(), optimizer: adam(), accumulate: 1 });
    await fit(plainly, recallBatches(3, 1), { loss: crossEntropy(), optimizer: adam() });
    expect(one.parameters.map((parameter) => parameter.read().data)).toEqual(
      plainly.parameters.map((parameter) => parameter.read().data),
    );
  });
});
