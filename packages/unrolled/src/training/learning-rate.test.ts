import { describe, expect, it } from "vitest";
import { fit } from "./fit.js";
import type { FitOptions } from "./fit-options.js";
import { meanSquaredError } from "./losses/mean-squared-error.js";
import { sgd } from "./optimizers/sgd.js";
import { constant } from "./schedules/constant.js";
import { stepDecay } from "./schedules/step-decay.js";
import { warmup } from "./schedules/warmup.js";
import { lineBatch, lineNetwork, lineOf } from "./testing/line.js";

const batch = lineBatch([1], [2]);
const options = (): FitOptions => ({ loss: meanSquaredError(), optimizer: sgd({ learningRate: 0.1 }) });

/** Learning rates of all steps. */
async function ratesOf(given: Partial<FitOptions>, batches = [batch, batch]): Promise<number[]> {
  const rates: number[] = [];
  await fit(lineNetwork(), batches, { ...options(), ...given, onProgress: ({ learningRate }) => rates.push(learningRate) });
  return rates.map((rate) => Number(rate.toFixed(9)));
}

describe("the learning rate", () => {
  it("is the optimizer's times what the schedule gives for steps and epochs that are over, and progress tells it", async () => {
    expect(await ratesOf({})).toEqual([0.1, 0.1]);
    expect(await ratesOf({ schedule: (step, epoch) => step + 10 * epoch, epochs: 2 })).toEqual([0, 0.1, 1.2, 1.3]);
    expect(await ratesOf({ schedule: warmup({ steps: 1, next: stepDecay({ every: 2, factor: 0.1 }) }), epochs: 2 })).toEqual([
      0.05, 0.1, 0.1, 0.01,
    ]);
  });

  it("is what the optimizer takes its step with", async () => {
    const [scheduled, half] = [lineNetwork(), lineNetwork()];
    await fit(scheduled, [batch], { ...options(), schedule: constant(0.5) });
    await fit(half, [batch], { ...options(), optimizer: sgd({ learningRate: 0.05 }) });
    expect(lineOf(scheduled)).toEqual(lineOf(half));
    expect(lineOf(scheduled)).not.toEqual(lineOf(lineNetwork()));
  });

  it("follows a change of the optimizer's between steps", async () => {
    const optimizer = sgd({ learningRate: 0.1 });
    const rates: number[] = [];
    await fit(lineNetwork(), [batch, batch], {
      loss: meanSquaredError(),
      optimizer,
      schedule: constant(0.5),
      onProgress: ({ learningRate }) => {
        rates.push(learningRate);
        optimizer.learningRate = 1;
      },
    });
    expect(rates).toEqual([0.05, 0.5]);
  });

  it("may be no other than a finite number of at least 0", async () => {
    await expect(fit(lineNetwork(), [batch], { ...options(), schedule: () => -1 })).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: "fit: `schedule` must give a finite number of at least 0, received -1 for step 0.",
    });
  });
});

describe("reduceOnPlateau", () => {
  // The validation data pulls another way than training: its loss rises from the first step on.
  const rising = { validation: [lineBatch([1], [0])], validateEvery: 1 };

  it("multiplies the learning rate by its factor after each `patience` measurements without something better", async () => {
    const batches = Array(6).fill(batch);
    const reduceOnPlateau = { patience: 2, factor: 0.5 };
    // the first measurement is the best; the third and the fifth end a patience
    expect(await ratesOf({ ...rising, reduceOnPlateau }, batches)).toEqual([0.1, 0.1, 0.1, 0.05, 0.05, 0.025]);
    expect(await ratesOf({ ...rising, reduceOnPlateau, schedule: constant(2) }, batches)).toEqual([
      0.2, 0.2, 0.2, 0.1, 0.1, 0.05,
    ]);
    const floored = { ...reduceOnPlateau, floor: 0.4 };
    expect(await ratesOf({ ...rising, reduceOnPlateau: floored }, batches)).toEqual([0.1, 0.1, 0.1, 0.05, 0.05, 0.04]);
  });

  it("leaves it alone while validation gets better, by more than minDelta", async () => {
    const falling = { validation: [batch], validateEvery: 1 };
    const batches = Array(4).fill(batch);
    expect(await ratesOf({ ...falling, reduceOnPlateau: { patience: 1 } }, batches)).toEqual([0.1, 0.1, 0.1, 0.1]);
    const strict = { patience: 1, minDelta: 10 };
    expect(await ratesOf({ ...falling, reduceOnPlateau: strict }, batches)).toEqual([0.1, 0.1, 0.01, 0.001]);
  });

  it.each<[given: object, message: string]>([
    [{ patience: 0 }, "reduceOnPlateau: `patience` must be a whole number of at least 1, received 0."],
    [{ patience: 1, factor: 1 }, "reduceOnPlateau: `factor` must be from 5e-324 to below 1, received 1."],
    [{ patience: 1, minDelta: -1 }, "reduceOnPlateau: `minDelta` must be a finite number of at least 0, received -1."],
    [{ patience: 1, metric: "mae" }, "reduceOnPlateau: `metric` must be one that is measured (loss), received mae."],
    [
      { patience: 1, wait: 1 },
      "reduceOnPlateau: there is no option `wait`; the options are patience, metric, minDelta, factor, floor.",
    ],
  ])("refuses %j", async (reduceOnPlateau, message) => {
    const given = { ...options(), ...rising, reduceOnPlateau: reduceOnPlateau as { patience: number } };
    await expect(fit(lineNetwork(), [batch], given)).rejects.toMatchObject({ code: "UNROLLED_VALUE", message });
  });
});
