import { describe, expect, it } from "vitest";
import { withEngine } from "../../engine/current.js";
import { engines } from "../../engine/testing/engines.js";
import { dense } from "../../layers/dense.js";
import { embedding } from "../../layers/embedding.js";
import { sequential } from "../../layers/sequential.js";
import { tensor } from "../../tensor/create.js";
import { evaluateLoss } from "../evaluate-loss.js";
import { evaluateMetrics } from "../evaluate-metrics.js";
import { fit } from "../fit.js";
import { binaryCrossEntropy } from "../losses/binary-cross-entropy.js";
import { crossEntropy } from "../losses/cross-entropy.js";
import { gaussianLikelihood } from "../losses/gaussian-likelihood.js";
import { meanSquaredError } from "../losses/mean-squared-error.js";
import { adam } from "../optimizers/adam.js";
import { sgd } from "../optimizers/sgd.js";
import { lineBatch, lineNetwork } from "../testing/line.js";
import { recallBatches, recallNetwork } from "../testing/recall.js";
import { accuracy, binaryAccuracy } from "./accuracy.js";
import { mae } from "./mae.js";
import { perplexity } from "./perplexity.js";
import { rmse } from "./rmse.js";

/** Gives for each index the logits that stand in its row. */
function table(rows: number[][]) {
  const units = rows[0]?.length ?? 0;
  const network = sequential([embedding({ vocabularySize: rows.length, units }), dense({ units })], { seed: 1 });
  network.layers[0]?.loadStateDict({ weight: tensor(rows) });
  const identity = rows[0]?.map((_, row) => rows[0]?.map((_, column) => (row === column ? 1 : 0)) ?? []) ?? [];
  network.layers[1]?.loadStateDict({ weight: tensor(identity), bias: tensor(new Float32Array(units)) });
  return network;
}

describe.each(engines)("metrics on the $name engine", ({ create }) => {
  const on = <R>(work: () => R): R => withEngine(create(), work);

  it("accuracy: the part of rows whose largest logit is the target's; with weights Σ w·hit / Σ w", async () => {
    const network = on(() =>
      table([
        [3, 1, 2],
        [0, 5, 1],
        [1, 2, 4],
      ]),
    );
    const x = [[0, 1, 2, 0]];
    const y = [[0, 1, 0, 2]];
    const options = { loss: crossEntropy(), metrics: [accuracy()] };
    expect((await evaluateMetrics(network, [{ x, y }], options)).accuracy).toBe(0.5);
    expect((await evaluateMetrics(network, [{ x, y, mask: [[1, 1, 1, 0]] }], options)).accuracy).toBeCloseTo(2 / 3, 6);
    expect((await evaluateMetrics(network, [{ x, y, sampleWeights: [[3, 1, 0.5, 0.5]] }], options)).accuracy).toBeCloseTo(0.8, 6);
    expect((await evaluateMetrics(network, [{ x, y, lengths: [3] }], options)).accuracy).toBeCloseTo(2 / 3, 6);
  });

  it("perplexity: e to the mean cross-entropy of all data, without smoothing and class weights", async () => {
    const network = on(() => recallNetwork());
    const data = recallBatches(3, 1);
    const plainly = await evaluateLoss(network, data, crossEntropy());
    const loss = crossEntropy({ labelSmoothing: 0.2, classWeights: [1, 2, 3, 4] });
    const measured = await evaluateMetrics(network, data, { loss, metrics: [perplexity(), accuracy()] });
    expect(measured.perplexity).toBeCloseTo(Math.exp(plainly), 5);
    expect(measured.loss).toBeCloseTo(await evaluateLoss(network, data, loss), 6);
  });

  it("mae and rmse: over all data, not the mean of batches", async () => {
    const network = on(() => lineNetwork());
    const data = [lineBatch([1, 2, 3], [1, 4, 3]), lineBatch([1], [5])];
    const options = { loss: meanSquaredError(), metrics: [mae(), rmse()] };
    const measured = await evaluateMetrics(network, data, options);
    expect(measured.mae).toBeCloseTo((2 + 4) / 4, 6);
    expect(measured.rmse).toBeCloseTo(Math.sqrt((4 + 16) / 4), 6);
    const weighed = data.map((batch, index) => ({ ...batch, sampleWeights: index === 0 ? [1, 2, 0] : [1] }));
    expect((await evaluateMetrics(network, weighed, options)).mae).toBeCloseTo((2 * 2 + 4) / 4, 6);
  });

  it("binaryAccuracy: the part of logits whose sign the target has", async () => {
    const network = on(() => lineNetwork());
    const data = [lineBatch([1, -2, 3, -1], [1, 0, 0, 1])];
    expect((await evaluateMetrics(network, data, { loss: binaryCrossEntropy(), metrics: [binaryAccuracy()] })).accuracy).toBe(
      0.5,
    );
  });
});

describe("metrics", () => {
  it("look at what the loss predicts", async () => {
    const network = sequential([dense({ inputSize: 1, units: 2 })], { seed: 1 });
    network.layers[0]?.loadStateDict({ weight: tensor([[2], [0]]), bias: tensor([0, 7]) });
    const measured = await evaluateMetrics(network, [lineBatch([1, 2], [2, 5])], {
      loss: gaussianLikelihood(),
      metrics: [mae()],
    });
    expect(measured.mae).toBeCloseTo(0.5, 6);
  });

  it("of training are those of the outputs that the loss was of, over the epoch so far; of validation in history and progress", async () => {
    const [network, alike] = [recallNetwork(), recallNetwork()];
    const data = recallBatches(3, 1);
    const validation = recallBatches(2, 2);
    const seen: (number | undefined)[] = [];
    const measured: unknown[] = [];
    const measuring = { loss: crossEntropy(), metrics: [accuracy(), perplexity()] };
    const history = await fit(network, data, {
      ...measuring,
      optimizer: sgd({ learningRate: 0 }),
      validation,
      validateEvery: 2,
      epochs: 2,
      onProgress: ({ metrics, validationMetrics }) => {
        seen.push(metrics.accuracy);
        measured.push(validationMetrics);
      },
    });
    const upTo = async (count: number) => (await evaluateMetrics(alike, data.slice(0, count), measuring)).accuracy;
    expect(seen).toEqual([await upTo(1), await upTo(2), await upTo(3), await upTo(1), await upTo(2), await upTo(3)]);
    const { loss: _, ...onValidation } = await evaluateMetrics(alike, validation, measuring);
    expect(measured).toEqual([undefined, ...Array(5).fill(onValidation)]);
    const { loss, ...onTraining } = await evaluateMetrics(alike, data, measuring);
    for (const record of history.epochs) {
      expect(record.metrics?.accuracy).toBeCloseTo(onTraining.accuracy ?? 0, 6);
      expect(record.metrics?.perplexity).toBeCloseTo(onTraining.perplexity ?? 0, 5);
      expect(record.validationMetrics).toEqual(onValidation);
      expect(record.loss).toBeCloseTo(loss, 5);
    }
  });

  it("change nothing in training but rounding", async () => {
    const [measured, plainly] = [recallNetwork(), recallNetwork()];
    const options = () => ({ loss: crossEntropy(), optimizer: adam({ learningRate: 0.01 }) });
    const history = await fit(measured, recallBatches(5, 1), { ...options(), metrics: [accuracy(), perplexity()] });
    const expected = await fit(plainly, recallBatches(5, 1), options());
    expect(history.epochs[0]?.loss).toBeCloseTo(expected.epochs[0]?.loss ?? 0, 5);
    for (const [index, parameter] of measured.parameters.entries()) {
      const own = plainly.parameters[index]?.read().data ?? [];
      const errors = Array.from(parameter.read().data, (value, at) => Math.abs(value - (own[at] ?? Number.NaN)));
      // Adam's steps are as long for a gradient of rounding errors as for a large one
      expect(Math.max(...errors)).toBeLessThan(1e-2);
    }
  });

  it("that the loss has no targets for are refused", async () => {
    const options = { loss: meanSquaredError(), metrics: [accuracy()] };
    await expect(evaluateMetrics(lineNetwork(), [lineBatch([1], [1])], options)).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message:
        "evaluateMetrics: the metric `accuracy` needs a loss whose targets are indices, those of meanSquaredError are numbers.",
    });
  });
});
