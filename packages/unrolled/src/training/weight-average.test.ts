import { describe, expect, it } from "vitest";
import { withEngine } from "../engine/current.js";
import { engines } from "../engine/testing/engines.js";
import { evaluateLoss } from "./evaluate-loss.js";
import { fit } from "./fit.js";
import type { FitOptions } from "./fit-options.js";
import { meanSquaredError } from "./losses/mean-squared-error.js";
import { sgd } from "./optimizers/sgd.js";
import { lineBatch, lineNetwork, lineOf } from "./testing/line.js";

const batches = [lineBatch([1, 2], [2, 4]), lineBatch([1, 3], [1, 7]), lineBatch([-1, 2], [0, 3])];
const options = (): FitOptions => ({ loss: meanSquaredError(), optimizer: sgd({ learningRate: 0.05 }) });

describe.each(engines)("averageWeights on the $name engine", ({ create }) => {
  it("leaves the network with d·average + (1−d)·weights over all steps, d rising to the decay", async () => {
    const engine = create();
    const raw: number[][] = [];
    const network = withEngine(engine, () => lineNetwork());
    let average = lineOf(network);
    const history = await fit(network, batches, {
      ...options(),
      epochs: 2,
      averageWeights: 0.3,
      onProgress: () => raw.push(lineOf(network)),
    });
    for (const [index, weights] of raw.entries()) {
      const keep = Math.min(0.3, (2 + index) / (11 + index));
      average = average.map((value, at) => keep * value + (1 - keep) * (weights[at] ?? Number.NaN));
    }
    for (const [at, value] of lineOf(network).entries()) expect(value).toBeCloseTo(average[at] ?? 0, 5);
    expect(history.steps).toBe(6);
    // what training itself went through is that of a training without an average
    const plainly = withEngine(engine, () => lineNetwork());
    await fit(plainly, batches, { ...options(), epochs: 2 });
    expect(raw.at(-1)).toEqual(lineOf(plainly));
    expect(lineOf(network)).not.toEqual(lineOf(plainly));
  });
});

describe("averageWeights", () => {
  it("is what validation measures, and what early stopping keeps", async () => {
    const validation = [lineBatch([1, 2, 3], [2, 4, 6])];
    const network = lineNetwork();
    const history = await fit(network, batches, { ...options(), averageWeights: 0.9, validation });
    expect(await evaluateLoss(network, validation, meanSquaredError())).toBe(history.epochs[0]?.validationLoss);
    const stopped = lineNetwork();
    const { best } = await fit(stopped, batches, {
      ...options(),
      averageWeights: 0.9,
      validation,
      validateEvery: 1,
      earlyStopping: { patience: 5 },
    });
    expect(await evaluateLoss(stopped, validation, meanSquaredError())).toBe(best?.value);
  });

  it("leaves the weights of the last step where they were when validation fails", async () => {
    const [failing, plainly] = [lineNetwork(), lineNetwork()];
    const broken = { ...options(), averageWeights: 0.9, validation: [{ x: [[1, 2]], y: [[1]] }] };
    await expect(fit(failing, batches, broken)).rejects.toMatchObject({ code: "UNROLLED_SHAPE" });
    await fit(plainly, batches, options());
    expect(lineOf(failing)).toEqual(lineOf(plainly));
  });
});
