import { abs } from "../../autograd/ops/abs.js";
import { mean } from "../../autograd/ops/mean.js";
import { negate } from "../../autograd/ops/scale.js";
import { square } from "../../autograd/ops/square.js";
import { subtract } from "../../autograd/ops/subtract.js";
import { lstm } from "../../layers/cells.js";
import { dense } from "../../layers/dense.js";
import { sequential } from "../../layers/sequential.js";
import { randomTensor } from "../../layers/testing/random-tensor.js";
import { tensor } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Batch } from "../../training/batch.js";
import type { Checkpoint } from "../../training/checkpoint.js";
import { evaluateLoss } from "../../training/evaluate-loss.js";
import { evaluateMetrics } from "../../training/evaluate-metrics.js";
import { type FitOptions, fit } from "../../training/fit.js";
import { crossEntropy } from "../../training/losses/cross-entropy.js";
import { ctc } from "../../training/losses/ctc.js";
import { defineLoss } from "../../training/losses/define-loss.js";
import { huber } from "../../training/losses/huber.js";
import type { Loss, SequenceLoss } from "../../training/losses/loss.js";
import { meanAbsoluteError } from "../../training/losses/mean-absolute-error.js";
import { meanSquaredError } from "../../training/losses/mean-squared-error.js";
import { quantile } from "../../training/losses/quantile.js";
import { labelErrorRate } from "../../training/metrics/label-error-rate.js";
import { mae } from "../../training/metrics/mae.js";
import type { Metric, SequenceMetric } from "../../training/metrics/metric.js";
import { rmse } from "../../training/metrics/rmse.js";
import { adagrad } from "../../training/optimizers/adagrad.js";
import { adam } from "../../training/optimizers/adam.js";
import { adamw } from "../../training/optimizers/adamw.js";
import type { Optimizer } from "../../training/optimizers/optimizer.js";
import { rmsprop } from "../../training/optimizers/rmsprop.js";
import { sgd } from "../../training/optimizers/sgd.js";
import { constant } from "../../training/schedules/constant.js";
import { cosineDecay } from "../../training/schedules/cosine-decay.js";
import { exponentialDecay } from "../../training/schedules/exponential-decay.js";
import { oneCycle } from "../../training/schedules/one-cycle.js";
import type { Schedule } from "../../training/schedules/schedule.js";
import { stepDecay } from "../../training/schedules/step-decay.js";
import { warmup } from "../../training/schedules/warmup.js";
import { lineBatch, lineNetwork } from "../../training/testing/line.js";
import type { OptionCase } from "./option-case.js";

/** Weights after three steps along changing gradients. */
function stepsOf(optimizer: Optimizer): unknown {
  const { parameters, ...network } = dense({ inputSize: 2, units: 3, seed: 1 });
  for (let step = 0; step < 3; step++) {
    optimizer.update(
      parameters,
      parameters.map(({ shape }) => randomTensor(shape, step)),
    );
  }
  return [network, parameters.map((parameter) => parameter.read())];
}

const adamOptions = { learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
const otherAdamOptions = { learningRate: 0.2, beta1: 0.5, beta2: 0.5, epsilon: 0.1 };

const optimizerCases: readonly OptionCase[] = [
  {
    where: "sgd",
    file: "training/optimizers/sgd.ts",
    types: ["SgdOptions"],
    options: { learningRate: 0.1, momentum: 0.9, nesterov: false },
    others: { learningRate: 0.2, momentum: 0.5, nesterov: true },
    run: (options) => stepsOf(sgd(options)),
  },
  {
    where: "rmsprop",
    file: "training/optimizers/rmsprop.ts",
    types: ["RmspropOptions"],
    options: { learningRate: 0.1, rho: 0.9, momentum: 0, epsilon: 1e-8 },
    others: { learningRate: 0.2, rho: 0.5, momentum: 0.5, epsilon: 0.1 },
    run: (options) => stepsOf(rmsprop(options)),
  },
  {
    where: "adagrad",
    file: "training/optimizers/adagrad.ts",
    types: ["AdagradOptions"],
    options: { learningRate: 0.1, epsilon: 1e-8 },
    others: { learningRate: 0.2, epsilon: 0.1 },
    run: (options) => stepsOf(adagrad(options)),
  },
  {
    where: "adam",
    file: "training/optimizers/adam.ts",
    types: ["AdamOptions"],
    options: adamOptions,
    others: otherAdamOptions,
    run: (options) => stepsOf(adam(options)),
  },
  {
    where: "adamw",
    file: "training/optimizers/adamw.ts",
    types: ["AdamWOptions"],
    options: { ...adamOptions, weightDecay: 0.1, decay: undefined },
    others: { ...otherAdamOptions, weightDecay: 0.2, decay: () => false },
    run: (options) => stepsOf(adamw(options)),
  },
];

/** What it gives for 25 steps, four an epoch. */
const factorsOf = (schedule: Schedule) => Array.from({ length: 25 }, (_, step) => schedule(step, Math.floor(step / 4)));

const scheduleCases: readonly OptionCase[] = [
  {
    where: "warmup",
    file: "training/schedules/warmup.ts",
    types: ["WarmupOptions"],
    options: { steps: 4, next: undefined },
    others: { steps: 6, next: stepDecay({ every: 2 }) },
    run: (options) => factorsOf(warmup(options)),
  },
  {
    where: "stepDecay",
    file: "training/schedules/step-decay.ts",
    types: ["StepDecayOptions"],
    options: { factor: 0.5, every: 3, after: 2, by: "steps" },
    others: { factor: 0.9, every: 2, after: 4, by: "epochs" },
    run: (options) => factorsOf(stepDecay(options)),
  },
  {
    where: "exponentialDecay",
    file: "training/schedules/exponential-decay.ts",
    types: ["ExponentialDecayOptions"],
    options: { factor: 0.5, every: 3, by: "steps" },
    others: { factor: 0.9, every: 2, by: "epochs" },
    run: (options) => factorsOf(exponentialDecay(options)),
  },
  {
    where: "cosineDecay",
    file: "training/schedules/cosine-decay.ts",
    types: ["CosineDecayOptions"],
    options: { steps: 20, floor: 0 },
    others: { steps: 10, floor: 0.1 },
    run: (options) => factorsOf(cosineDecay(options)),
  },
  {
    where: "oneCycle",
    file: "training/schedules/one-cycle.ts",
    types: ["OneCycleOptions"],
    options: { steps: 20, rise: 0.3, start: 0.04, end: 0 },
    others: { steps: 10, rise: 0.5, start: 0.1, end: 0.1 },
    run: (options) => factorsOf(oneCycle(options)),
  },
];

/** The loss, a metric of what it predicts, and how it refuses targets, of a network that gives three features a row. */
async function judged(loss: Loss, y: Tensor): Promise<unknown> {
  const network = sequential([dense({ inputSize: 2, units: 3 })], { seed: 1 });
  const batch = { x: randomTensor([4, 2], 1), y };
  const metrics = loss.targets === "numbers" ? [mae()] : [];
  const refusal = await evaluateLoss(network, [{ ...batch, y: [[[1]]] }], loss).catch(String);
  return [refusal, await evaluateMetrics(network, [batch], { loss, metrics })];
}

/** Loss and metrics of labels, and of labels that there are too few steps for, of a network that gives three features a step. */
async function read(loss: SequenceLoss, metrics: readonly SequenceMetric[], impossible: number[][]): Promise<unknown> {
  const network = sequential([dense({ inputSize: 2, units: 3 })], { seed: 1 });
  const refusal = await evaluateLoss(network, [{ x: randomTensor([1, 4, 2], 1), y: impossible }], loss).catch(String);
  const batch = { x: randomTensor([5, 8, 2], 2), y: [[1], [1], [1], [1, 1], []] };
  return [refusal, await evaluateMetrics(network, [batch], { loss, metrics })];
}

const lossCases: readonly OptionCase[] = [
  {
    where: "crossEntropy",
    file: "training/losses/cross-entropy.ts",
    types: ["CrossEntropyOptions"],
    options: { classWeights: undefined, labelSmoothing: 0, ignoreIndex: undefined },
    others: { classWeights: [1, 2, 3], labelSmoothing: 0.1, ignoreIndex: 2 },
    run: (options) => judged(crossEntropy(options), tensor([0, 1, 2, 0])),
  },
  {
    where: "ctc",
    file: "training/losses/ctc.ts",
    types: ["CtcOptions"],
    options: { blank: 0, zeroInfinity: false },
    others: { blank: 2, zeroInfinity: true },
    run: (options) => read(ctc(options), [], [[1, 1, 1]]),
  },
  {
    where: "labelErrorRate",
    file: "training/metrics/label-error-rate.ts",
    types: ["LabelErrorRateOptions"],
    options: { blank: 0 },
    others: { blank: 2 },
    run: (options) => read(ctc(), [labelErrorRate(options)], [[1]]),
  },
  {
    where: "huber",
    file: "training/losses/huber.ts",
    types: ["HuberOptions"],
    options: { delta: 1 },
    others: { delta: 0.1 },
    run: (options) => judged(huber(options), randomTensor([4, 3], 2)),
  },
  {
    where: "quantile",
    file: "training/losses/quantile.ts",
    types: ["QuantileOptions"],
    options: { quantiles: [0.1, 0.5, 0.9] },
    others: { quantiles: [0.2, 0.5, 0.9] },
    run: (options) => judged(quantile(options), randomTensor([4, 1], 2)),
  },
  {
    where: "defineLoss",
    file: "training/losses/define-loss.ts",
    types: [],
    options: {
      name: "one",
      targets: "numbers",
      outputsPerTarget: 1,
      predict: undefined,
      rows: (output: Tensor, targets: Tensor) => mean(square(subtract(output, targets)), 1),
    },
    others: {
      name: "other",
      targets: "indices",
      outputsPerTarget: 3,
      predict: negate,
      rows: (output: Tensor, targets: Tensor) => mean(abs(subtract(output, targets)), 1),
    },
    run: (definition) => judged(defineLoss(definition), randomTensor([4, 3], 2)),
  },
];

/** What there is to be seen of a training, without what the clock tells. */
async function trained(options: Partial<FitOptions>): Promise<unknown> {
  const network = lineNetwork();
  const seen: unknown[] = [];
  const history = await fit(network, rising, {
    ...{ loss: meanSquaredError(), optimizer: sgd({ learningRate: 0.02 }), epochs: 6, validation: overshot },
    ...{ onProgress: (progress) => void seen.push(progress), onCheckpoint: ({ position }) => void seen.push(position) },
    ...Object.fromEntries(Object.entries(options).filter(([name, value]) => value !== undefined || !name.startsWith("on"))),
  });
  const timeless = (name: string, value: unknown) => (name.startsWith("seconds") ? undefined : value);
  return [JSON.stringify([history, seen], timeless), network.stateDict()];
}

/** The line goes from 1·x to 2·x, and on the way through what validation wants. */
const rising: readonly Batch[] = [lineBatch([1, 2], [2, 4]), lineBatch([1, -1], [2, -2])];
const overshot: readonly Batch[] = [lineBatch([1, 2], [1.5, 3])];
/** A metric that gets better as the loss gets worse. */
const far: Metric = { ...mae(), name: "far", better: "higher" };

let checkpoint: Checkpoint | undefined;
await fit(lineNetwork(3), rising, {
  ...{ loss: meanSquaredError(), optimizer: sgd({ learningRate: 0.1 }) },
  onCheckpoint: (taken) => {
    checkpoint = taken;
  },
});

const refuse = () => {
  throw new Error("called");
};

const fitCases: readonly OptionCase[] = [
  {
    where: "fit",
    file: "training/fit-options.ts",
    types: ["FitOptions", "ClippingOptions"],
    options: {
      ...{
        loss: meanSquaredError(),
        optimizer: sgd({ learningRate: 0.1 }),
        epochs: 3,
        steps: undefined,
        accumulate: 1,
        batchesInEpoch: undefined,
      },
      ...{ schedule: undefined, reduceOnPlateau: undefined, averageWeights: undefined },
      ...{ clipNorm: undefined, clipParameterNorm: undefined, clipValue: undefined },
      ...{ metrics: [], validation: overshot, validateEvery: undefined, earlyStopping: undefined },
      ...{ checkpointEvery: undefined, onCheckpoint: undefined, resumeFrom: undefined, signal: undefined, onProgress: undefined },
    },
    others: {
      ...{
        loss: meanAbsoluteError(),
        optimizer: sgd({ learningRate: 0.2 }),
        epochs: 2,
        steps: 1,
        accumulate: 2,
        batchesInEpoch: 5,
      },
      ...{ schedule: constant(0.5), reduceOnPlateau: { patience: 1, minDelta: 100 }, averageWeights: 0.9 },
      ...{ clipNorm: 0.01, clipParameterNorm: 0.01, clipValue: 0.01 },
      ...{ metrics: [mae()], validation: rising, validateEvery: 1, earlyStopping: { patience: 1 } },
      ...{ checkpointEvery: 1, onCheckpoint: refuse, resumeFrom: checkpoint, signal: AbortSignal.abort(), onProgress: refuse },
    },
    run: trained,
  },
  {
    where: "earlyStopping",
    file: "training/early-stopping.ts",
    types: ["EarlyStoppingOptions", "WatchOptions"],
    options: { patience: 1, metric: "loss", minDelta: 0, restoreBest: true },
    others: { patience: 2, metric: "far", minDelta: 100, restoreBest: false },
    run: (earlyStopping) => trained({ earlyStopping, metrics: [far], validateEvery: 1 }),
  },
  {
    where: "reduceOnPlateau",
    file: "training/schedules/reduce-on-plateau.ts",
    types: ["ReduceOnPlateauOptions"],
    options: { patience: 1, metric: "loss", minDelta: 0, factor: 0.5, floor: 0 },
    others: { patience: 2, metric: "far", minDelta: 100, factor: 0.1, floor: 0.9 },
    run: (reduceOnPlateau) => trained({ reduceOnPlateau, metrics: [far], validateEvery: 1 }),
  },
  {
    where: "evaluateMetrics",
    file: "training/evaluate-metrics.ts",
    types: ["EvaluateMetricsOptions"],
    options: { loss: meanSquaredError(), metrics: [] },
    others: { loss: meanAbsoluteError(), metrics: [rmse()] },
    run: (options) => evaluateMetrics(lineNetwork(), rising, options),
  },
  {
    where: "batch",
    file: "training/batch.ts",
    types: [],
    options: {
      ...{ x: randomTensor([2, 3, 2], 1), y: randomTensor([2, 3, 2], 2), lengths: undefined },
      ...{ mask: undefined, sampleWeights: undefined, source: undefined, continues: false },
    },
    others: {
      ...{ x: randomTensor([2, 3, 2], 3), y: randomTensor([2, 3, 2], 4), lengths: [3, 1] },
      ...{
        mask: [
          [1, 1, 0],
          [1, 1, 1],
        ],
        sampleWeights: [1, 2],
        source: { x: randomTensor([2, 3, 2], 7) },
        continues: true,
      },
    },
    run: (batch: Batch) => {
      const network = sequential([lstm({ inputSize: 2, units: 2, returnSequences: true })], { seed: 1 });
      return evaluateLoss(network, [{ x: randomTensor([2, 3, 2], 5), y: randomTensor([2, 3, 2], 6) }, batch], meanSquaredError());
    },
  },
];

/** Optimizers, schedules, losses, `fit` and its batches. */
export const trainingCases: readonly OptionCase[] = [...optimizerCases, ...scheduleCases, ...lossCases, ...fitCases];
