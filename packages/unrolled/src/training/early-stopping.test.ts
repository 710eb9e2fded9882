import { describe, expect, it } from "vitest";
import { evaluateLoss } from "./evaluate-loss.js";
import { fit } from "./fit.js";
import type { FitOptions } from "./fit-options.js";
import { meanSquaredError } from "./losses/mean-squared-error.js";
import { mae } from "./metrics/mae.js";
import type { Metric } from "./metrics/metric.js";
import { sgd } from "./optimizers/sgd.js";
import { lineBatch, lineNetwork, lineOf } from "./testing/line.js";

// The weight goes from 1 towards 3 and passes 2, where validation is at its best.
const batches = [lineBatch([1], [5])];
const validation = [lineBatch([1], [3])];
const options = (): FitOptions => ({ loss: meanSquaredError(), optimizer: sgd({ learningRate: 0.02 }), validation, epochs: 100 });

describe("early stopping", () => {
  it("ends training after `patience` measurements without something better, with the weights of the best one", async () => {
    const network = lineNetwork();
    const losses: (number | undefined)[] = [];
    const history = await fit(network, batches, { ...options(), earlyStopping: { patience: 3 } });
    for (const { validationLoss } of history.epochs) losses.push(validationLoss);
    const best = Math.min(...losses.map((loss) => loss ?? Number.NaN));
    const at = losses.indexOf(best);
    expect(history.epochs.length).toBe(at + 1 + 3);
    expect(history.epochs.length).toBeLessThan(100);
    expect(history).toMatchObject({ stoppedEarly: true, interrupted: false, best: { epoch: at + 1, step: at + 1, value: best } });
    expect(await evaluateLoss(network, validation, meanSquaredError())).toBe(best);
    const exact = lineNetwork();
    await fit(exact, batches, { loss: meanSquaredError(), optimizer: sgd({ learningRate: 0.02 }), epochs: at + 1 });
    expect(lineOf(network)).toEqual(lineOf(exact));
  });

  it("leaves the last weights without restoreBest", async () => {
    const network = lineNetwork();
    const { epochs } = await fit(network, batches, { ...options(), earlyStopping: { patience: 3, restoreBest: false } });
    expect(await evaluateLoss(network, validation, meanSquaredError())).toBe(epochs.at(-1)?.validationLoss);
  });

  it("goes back to the best weights also where epochs, steps or a signal end training", async () => {
    const patient = { ...options(), earlyStopping: { patience: 1000 }, validateEvery: 1 };
    const controller = new AbortController();
    const endings: Partial<FitOptions>[] = [
      { epochs: 40 },
      { steps: 40 },
      { signal: controller.signal, onProgress: ({ step }) => (step === 40 ? controller.abort() : undefined) },
    ];
    for (const ending of endings) {
      const network = lineNetwork();
      const history = await fit(network, batches, { ...patient, ...ending, optimizer: sgd({ learningRate: 0.02 }) });
      expect(history).toMatchObject({ steps: 40, stoppedEarly: false });
      expect(history.best?.step).toBeLessThan(40);
      expect(await evaluateLoss(network, validation, meanSquaredError())).toBe(history.best?.value);
    }
  });

  it("counts measurements, and ends in the middle of an epoch where they come every few steps", async () => {
    const many = Array(1000).fill(batches[0]);
    const history = await fit(lineNetwork(), many, { ...options(), validateEvery: 2, earlyStopping: { patience: 2 } });
    expect(history).toMatchObject({ stoppedEarly: true, steps: (history.best?.step ?? 0) + 4 });
    expect(history.epochs).toHaveLength(1);
  });

  it("demands something better by more than minDelta", async () => {
    const history = await fit(lineNetwork(), batches, { ...options(), earlyStopping: { patience: 1, minDelta: 100 } });
    expect(history).toMatchObject({ steps: 2, best: { step: 1 } });
  });

  it("watches a metric in its own direction", async () => {
    const higher: Metric = { ...mae(), name: "far", better: "higher" };
    const rising = { ...options(), metrics: [higher, mae()] };
    const far = await fit(lineNetwork(), batches, { ...rising, earlyStopping: { patience: 1, metric: "far" } });
    expect(far.best).toMatchObject({ epoch: 1 });
    expect(far.steps).toBe(2);
    const near = await fit(lineNetwork(), batches, {
      ...rising,
      optimizer: sgd({ learningRate: 0.02 }),
      earlyStopping: { patience: 1, metric: "mae" },
    });
    expect(near.best?.value).toBe(near.epochs.at(-2)?.validationMetrics?.mae);
    expect(near.steps).toBeGreaterThan(5);
  });

  it("takes the one with the lower loss of equally good values of a metric, unless it must be better by something", async () => {
    const alike: Metric = { ...mae(), name: "alike", better: "higher", finish: () => 0.5 };
    const watching = { ...options(), metrics: [alike] };
    const history = await fit(lineNetwork(), batches, { ...watching, earlyStopping: { patience: 3, metric: "alike" } });
    const plainly = await fit(lineNetwork(), batches, { ...options(), earlyStopping: { patience: 3 } });
    expect(history.best).toEqual({ ...plainly.best, value: 0.5 });
    expect(history.steps).toBe(plainly.steps);
    const strict = { patience: 3, metric: "alike", minDelta: 1e-9 };
    expect((await fit(lineNetwork(), batches, { ...watching, earlyStopping: strict })).best).toMatchObject({ epoch: 1 });
  });

  it.each<[given: object, message: string]>([
    [{ patience: 1.5 }, "earlyStopping: `patience` must be a whole number of at least 1, received 1.5."],
    [{ patience: 1, metric: "f1" }, "earlyStopping: `metric` must be one that is measured (loss), received f1."],
    [
      { patience: 1, restore: true },
      "earlyStopping: there is no option `restore`; the options are patience, metric, minDelta, restoreBest.",
    ],
  ])("refuses %j", async (given, message) => {
    const earlyStopping = given as { patience: number };
    await expect(fit(lineNetwork(), batches, { ...options(), earlyStopping })).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message,
    });
  });
});
