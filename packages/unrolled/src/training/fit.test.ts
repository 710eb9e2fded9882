import { describe, expect, it } from "vitest";
import { mean } from "../autograd/ops/mean.js";
import { sqrt } from "../autograd/ops/sqrt.js";
import { square } from "../autograd/ops/square.js";
import { subtract } from "../autograd/ops/subtract.js";
import type { Data } from "../data/data.js";
import { withEngine } from "../engine/current.js";
import { engines } from "../engine/testing/engines.js";
import { gru } from "../layers/cells.js";
import { dense } from "../layers/dense.js";
import { dropout } from "../layers/dropout.js";
import { embedding } from "../layers/embedding.js";
import { type Sequential, sequential } from "../layers/sequential.js";
import { plain } from "../layers/testing/plain.js";
import { tensor } from "../tensor/create.js";
import type { Batch } from "./batch.js";
import { evaluateLoss } from "./evaluate-loss.js";
import { fit } from "./fit.js";
import type { FitOptions } from "./fit-options.js";
import type { TrainingProgress } from "./history.js";
import { crossEntropy } from "./losses/cross-entropy.js";
import type { Loss } from "./losses/loss.js";
import { meanSquaredError } from "./losses/mean-squared-error.js";
import { accuracy } from "./metrics/accuracy.js";
import { mae } from "./metrics/mae.js";
import { adam } from "./optimizers/adam.js";
import { sgd } from "./optimizers/sgd.js";
import { recallBatches, recallNetwork } from "./testing/recall.js";

const weightsOf = (network: Sequential) => plain(network.stateDict());
/** y = 2x, by a network of one weight and one bias. */
const line = () => sequential([dense({ inputSize: 1, units: 1 })], { seed: 1 });
const lineBatch: Batch = { x: [[1], [2]], y: [[2], [4]] };
const lineOptions = (): FitOptions => ({ loss: meanSquaredError(), optimizer: sgd({ learningRate: 0.05 }) });

describe("fit teaches", () => {
  it.each(["rnn", "lstm", "gru"] as const)("an %s to remember the first of six symbols", async (cell) => {
    const network = recallNetwork({ cell });
    const validation = recallBatches(10, 2);
    expect(await evaluateLoss(network, validation, crossEntropy())).toBeGreaterThan(0.99 * Math.log(4));
    const history = await fit(network, recallBatches(30, 1), {
      loss: crossEntropy(),
      optimizer: adam({ learningRate: 0.01 }),
      epochs: 10,
      clipNorm: 1,
    });
    expect(history.epochs.at(-1)?.loss).toBeLessThan(0.1);
    expect(await evaluateLoss(network, validation, crossEntropy())).toBeLessThan(0.1);
  });

  it.each(engines)("the same on the $name engine", async ({ create }) => {
    const network = withEngine(create(), () => recallNetwork());
    const options = { loss: crossEntropy(), optimizer: adam({ learningRate: 0.01 }), epochs: 10, clipNorm: 1 };
    expect((await fit(network, recallBatches(30, 1), options)).epochs.at(-1)?.loss).toBeLessThan(0.1);
  });

  it("a line to a network that reads no sequences", async () => {
    const network = line();
    const history = await fit(network, [lineBatch], { ...lineOptions(), epochs: 400 });
    expect(history.epochs.at(-1)?.loss).toBeLessThan(1e-3);
    expect(network.apply([[10]]).item()).toBeCloseTo(20, 0);
  });

  it("each step to a network that gives one for each", async () => {
    const network = sequential([
      embedding({ vocabularySize: 3, units: 4 }),
      gru({ units: 8, returnSequences: true }),
      dense({ units: 3 }),
    ]);
    const x = [
      [0, 1, 2, 0, 1, 2],
      [2, 1, 0, 2, 1, 0],
    ];
    const y = [
      [0, 0, 1, 2, 0, 1],
      [2, 2, 1, 0, 2, 1],
    ];
    const options = { loss: crossEntropy(), optimizer: adam({ learningRate: 0.03 }), epochs: 150 };
    expect((await fit(network, [{ x, y }], options)).epochs.at(-1)?.loss).toBeLessThan(0.05);
  });
});

describe("a step of fit", () => {
  it("moves each weight against its gradient, of which progress tells the norm", async () => {
    const network = line();
    network.layers[0]?.loadStateDict({ weight: tensor([[1]]), bias: tensor([0]) });
    const seen: TrainingProgress[] = [];
    await fit(network, [lineBatch], { ...lineOptions(), onProgress: (progress) => seen.push(progress) });
    // loss = ((w + b − 2)² + (2w + b − 4)²) / 2 at w = 1, b = 0: 2.5; by w: −5, by b: −3.
    expect(seen[0]?.loss).toBeCloseTo(2.5, 6);
    expect(seen[0]?.gradientNorm).toBeCloseTo(Math.hypot(5, 3), 6);
    expect(network.parameters.map((parameter) => parameter.read().item())).toEqual([
      expect.closeTo(1 + 0.05 * 5, 6),
      expect.closeTo(0.05 * 3, 6),
    ]);
  });

  it("scales gradients down to clipNorm together, and tells the norm before", async () => {
    const network = line();
    network.layers[0]?.loadStateDict({ weight: tensor([[1]]), bias: tensor([0]) });
    const norms: number[] = [];
    const onProgress = ({ gradientNorm }: TrainingProgress) => norms.push(gradientNorm);
    await fit(network, [lineBatch], { ...lineOptions(), clipNorm: 0.1, onProgress });
    expect(norms).toEqual([expect.closeTo(Math.hypot(5, 3), 6)]);
    const [weight, bias] = network.parameters.map((parameter) => parameter.read().item());
    expect(weight).toBeCloseTo(1 + (0.05 * 0.1 * 5) / Math.hypot(5, 3), 6);
    expect(bias).toBeCloseTo((0.05 * 0.1 * 3) / Math.hypot(5, 3), 6);
  });

  it("leaves gradients below clipNorm as they are, bit for bit", async () => {
    const [clipped, free] = [recallNetwork(), recallNetwork()];
    const options = () => ({ loss: crossEntropy(), optimizer: adam() });
    await fit(clipped, recallBatches(5, 1), { ...options(), clipNorm: 1000 });
    await fit(free, recallBatches(5, 1), options());
    expect(weightsOf(clipped)).toEqual(weightsOf(free));
  });

  it("gives the same loss by dense and cross-entropy together as by any loss on the dense layer's output", async () => {
    const { of, ...rest } = crossEntropy();
    const apart: Loss = { name: rest.name, targets: rest.targets, of };
    const networks = [recallNetwork(), recallNetwork()];
    const losses = await Promise.all(
      [crossEntropy(), apart].map((loss, index) =>
        fit(networks[index] ?? recallNetwork(), recallBatches(10, 1), { loss, optimizer: sgd({ learningRate: 0.1 }) }),
      ),
    );
    expect(losses[0]?.epochs[0]?.loss).toBeCloseTo(losses[1]?.epochs[0]?.loss ?? 0, 5);
  });
});

describe("progress and history", () => {
  it("tell after each step of which epoch it was, its losses, and how many there will be", async () => {
    const seen: TrainingProgress[] = [];
    const batches = recallBatches(3, 1);
    const history = await fit(recallNetwork(), batches, {
      loss: crossEntropy(),
      optimizer: adam(),
      epochs: 2,
      validation: recallBatches(1, 2),
      onProgress: (progress) => seen.push(progress),
    });
    expect(seen.map(({ epoch, epochs, step, steps, skippedSteps }) => [epoch, epochs, step, steps, skippedSteps])).toEqual([
      [1, 2, 1, 6, 0],
      [1, 2, 2, 6, 0],
      [1, 2, 3, 6, 0],
      [2, 2, 4, 6, 0],
      [2, 2, 5, 6, 0],
      [2, 2, 6, 6, 0],
    ]);
    const losses = seen.map(({ loss }) => loss);
    // Up to the 50th step the exponential mean is the plain one.
    for (const [index, { meanLoss }] of seen.entries()) expect(meanLoss).toBeCloseTo(meanOf(losses.slice(0, index + 1)), 6);
    expect(seen.slice(0, 3).map(({ validationLoss }) => validationLoss)).toEqual([undefined, undefined, undefined]);
    for (const { validationLoss } of seen.slice(3)) expect(validationLoss).toBe(history.epochs[0]?.validationLoss);
    const seconds = seen.map((progress) => progress.seconds);
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
    expect(seen.at(-1)?.secondsLeft).toBe(0);
    expect(seen[0]?.secondsLeft).toBeCloseTo(5 * (seen[0]?.seconds ?? 0), 6);

    expect(history.epochs.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 3],
      [2, 6],
    ]);
    expect(history.epochs[0]?.loss).toBeCloseTo(meanOf(losses.slice(0, 3)), 6);
    expect(history.epochs[1]?.loss).toBeCloseTo(meanOf(losses.slice(3)), 6);
    expect(history).toMatchObject({ steps: 6, skippedSteps: 0, interrupted: false });
  });

  it("hold the validation loss of the weights at that moment, every validateEvery steps and at the end", async () => {
    const validation = recallBatches(2, 2);
    const measured: (number | undefined)[] = [];
    const network = recallNetwork();
    const history = await fit(network, recallBatches(4, 1), {
      loss: crossEntropy(),
      optimizer: adam(),
      validation,
      validateEvery: 3,
      onProgress: ({ validationLoss }) => measured.push(validationLoss),
    });
    const stopped = recallNetwork();
    await fit(stopped, recallBatches(4, 1), { loss: crossEntropy(), optimizer: adam(), steps: 3 });
    const afterThree = await evaluateLoss(stopped, validation, crossEntropy());
    expect(measured).toEqual([undefined, undefined, afterThree, afterThree]);
    expect(history.epochs[0]?.validationLoss).toBe(await evaluateLoss(network, validation, crossEntropy()));
  });

  it("count steps over epochs, and end after `steps` in the middle of one", async () => {
    const history = await fit(recallNetwork(), recallBatches(3, 1), { loss: crossEntropy(), optimizer: adam(), steps: 5 });
    expect(history.steps).toBe(5);
    expect(history.interrupted).toBe(false);
    expect(history.epochs.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 3],
      [2, 5],
    ]);
  });

  it("end at whichever of epochs and steps comes first", async () => {
    const take = (options: { epochs: number; steps: number }) =>
      fit(line(), [lineBatch, lineBatch], { ...lineOptions(), ...options }).then(({ steps }) => steps);
    expect(await take({ epochs: 2, steps: 100 })).toBe(4);
    expect(await take({ epochs: 100, steps: 3 })).toBe(3);
  });
});

describe("data", () => {
  it("may be a function, which is asked for the batches again every epoch", async () => {
    let asked = 0;
    const batches = recallBatches(3, 1);
    async function* read(): AsyncGenerator<Batch> {
      asked++;
      for (const batch of batches) {
        await Promise.resolve();
        yield batch;
      }
    }
    const [streamed, held] = [recallNetwork(), recallNetwork()];
    const steps: (number | undefined)[] = [];
    const options = () => ({ loss: crossEntropy(), optimizer: adam(), epochs: 2 });
    const history = await fit(streamed, read, { ...options(), onProgress: (progress) => steps.push(progress.steps) });
    await fit(held, batches, options());
    expect(asked).toBe(2);
    expect(weightsOf(streamed)).toEqual(weightsOf(held));
    expect(history.epochs.map(({ step }) => step)).toEqual([3, 6]);
    // How many batches there are is known once they were all seen.
    expect(steps).toEqual([undefined, undefined, undefined, 6, 6, 6]);
  });

  it("is closed, where it is a generator, when training ends early", async () => {
    let closed = false;
    async function* endless(): AsyncGenerator<Batch> {
      try {
        while (true) yield await Promise.resolve(lineBatch);
      } finally {
        closed = true;
      }
    }
    expect((await fit(line(), endless, { ...lineOptions(), steps: 4 })).steps).toBe(4);
    expect(closed).toBe(true);
  });

  it("may be tensors or nested arrays, with the same bits", async () => {
    const [arrays, tensors] = [line(), line()];
    await fit(arrays, [lineBatch], lineOptions());
    await fit(tensors, [{ x: tensor([[1], [2]]), y: tensor(Float64Array.of(2, 4), [2, 1]) }], lineOptions());
    expect(weightsOf(tensors)).toEqual(weightsOf(arrays));
  });

  it.each<[what: string, data: Data<Batch>]>([
    ["an empty array", []],
    ["a function that gives nothing", async function* () {}],
  ])("is refused where it is empty: %s", async (_what, data) => {
    await expect(fit(line(), data, lineOptions())).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message: "fit: expected at least one batch in an epoch, received none.",
    });
    await expect(evaluateLoss(line(), data, meanSquaredError())).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message: "evaluateLoss: expected at least one batch, received none.",
    });
  });

  it.each<[what: string, batch: Batch, code: string, message: string]>([
    [
      "an input of another shape",
      { x: [[[0.5]]], y: [0] },
      "UNROLLED_SHAPE",
      "embedding: `x` must be [batch] or [batch, time], received [1, 1, 1].",
    ],
    [
      "an index outside of the vocabulary",
      { x: [[0, 9]], y: [0] },
      "UNROLLED_INDEX",
      "embedding: x: indices must be whole numbers from 0 to 3, received 9 at position 1.",
    ],
    [
      "targets for each step where the network gives one for all",
      { x: [[0, 1]], y: [[0, 1]] },
      "UNROLLED_SHAPE",
      "crossEntropy: `y` must be [1] for this network and `x`, received [1, 2].",
    ],
    [
      "targets of another batch",
      { x: [[0, 1]], y: [0, 1] },
      "UNROLLED_SHAPE",
      "crossEntropy: `y` must be [1] for this network and `x`, received [2].",
    ],
    [
      "a class that there isn't",
      { x: [[0, 1]], y: [4] },
      "UNROLLED_INDEX",
      "crossEntropy: y: indices must be whole numbers from 0 to 3, received 4 at position 0.",
    ],
    [
      "a class with a fraction",
      { x: [[0, 1]], y: [0.5] },
      "UNROLLED_DTYPE",
      "crossEntropy: y: indices must be whole numbers from 0 to 3, received 0.5 at position 0.",
    ],
    [
      "no sequence",
      { x: [], y: [] },
      "UNROLLED_SHAPE",
      "embedding: `x` must have at least one sequence and one step, received [0].",
    ],
    [
      "a field that a batch doesn't have",
      { x: [[0]], y: [0], target: 1 } as Batch,
      "UNROLLED_VALUE",
      "batch: there is no option `target`; the options are x, y, lengths, mask, sampleWeights, source, continues.",
    ],
  ])("is refused where a batch has %s, and no weight changes", async (_what, batch, code, message) => {
    const network = recallNetwork();
    const before = weightsOf(network);
    await expect(fit(network, [batch], { loss: crossEntropy(), optimizer: adam() })).rejects.toMatchObject({ code, message });
    expect(weightsOf(network)).toEqual(before);
  });

  it.each<[what: string, data: unknown, received: string]>([
    ["a batch alone", { x: [[0]], y: [[0]] }, "received object"],
    ["nothing", undefined, "received undefined"],
    ["a function that gives a promise", () => Promise.resolve([]), "received a function that gives a promise"],
    ["a function that gives nothing", () => undefined, "received a function that gives undefined"],
  ])("is refused where it is %s, which the message mends", async (_what, data, received) => {
    const message =
      "data: expected an array of batches, or a function that gives them anew each time (async function* () { … }), " +
      `${received}; put a single batch into an array.`;
    await expect(fit(line(), data as Data<Batch>, lineOptions())).rejects.toMatchObject({ code: "UNROLLED_DATA", message });
    const evaluated = evaluateLoss(line(), data as Data<Batch>, meanSquaredError());
    await expect(evaluated).rejects.toMatchObject({ code: "UNROLLED_DATA", message });
  });

  it.each(["x", "y"])("is refused where a batch has no %s", async (name) => {
    const batch = { x: [[0]], y: [[0]], [name]: undefined } as unknown as Batch;
    await expect(fit(line(), [batch], lineOptions())).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: `batch: \`${name}\` must be a tensor or nested arrays, received undefined.`,
    });
  });

  it("is refused where targets of numbers don't have the output's shape", async () => {
    await expect(fit(line(), [{ x: [[1], [2]], y: [1, 2] }], lineOptions())).rejects.toMatchObject({
      code: "UNROLLED_SHAPE",
      message: "meanSquaredError: `y` must be [2, 1] for this network and `x`, received [2].",
    });
  });
});

describe("a network", () => {
  it.each<[what: string, network: unknown, message: string]>([
    [
      "a layer alone",
      dense({ inputSize: 1, units: 1 }),
      "expected a network, received a layer (dense) alone; put it into one: sequential([dense({ … })]).",
    ],
    ["nothing", undefined, "expected a network made by sequential or model, received undefined."],
    ["a function", line, "expected a network made by sequential or model, received function."],
  ])("is refused where it is %s", async (_what, network, message) => {
    const training = fit(network as Sequential, [lineBatch], lineOptions());
    await expect(training).rejects.toMatchObject({ code: "UNROLLED_VALUE", message: `fit: ${message}` });
    const evaluation = evaluateLoss(network as Sequential, [lineBatch], meanSquaredError());
    await expect(evaluation).rejects.toMatchObject({ code: "UNROLLED_VALUE", message: `evaluateLoss: ${message}` });
  });
});

describe("options of fit", () => {
  it.each<[options: object, message: string]>([
    [{ epoch: 3 }, "there is no option `epoch`; the options are loss, optimizer, epochs,"],
    [{ loss: undefined }, "`loss` must be a loss such as crossEntropy(), received undefined."],
    [{ optimizer: "adam" }, '`optimizer` must be an optimizer such as adam(), received "adam".'],
    [{ epochs: 0 }, "`epochs` must be a whole number of at least 1, received 0."],
    [{ epochs: 1.5 }, "`epochs` must be a whole number of at least 1, received 1.5."],
    [{ steps: Number.NaN }, "`steps` must be a whole number of at least 1, received NaN."],
    [{ clipNorm: 0 }, "`clipNorm` must be a finite number above 0, received 0."],
    [{ clipNorm: Number.NaN }, "`clipNorm` must be a finite number above 0, received NaN."],
    [{ clipNorm: 1, clipValue: 1 }, "`clipNorm` and `clipValue` exclude each other; set one of them."],
    [{ clipParameterNorm: 1, clipValue: 1 }, "`clipParameterNorm` and `clipValue` exclude each other; set one of them."],
    [{ clipParameterNorm: -1 }, "`clipParameterNorm` must be a finite number above 0, received -1."],
    [{ clipValue: 0 }, "`clipValue` must be a finite number above 0, received 0."],
    [{ accumulate: 0 }, "`accumulate` must be a whole number of at least 1, received 0."],
    [{ averageWeights: 1 }, "`averageWeights` must be from 0 to below 1, received 1."],
    [{ schedule: 0.5 }, "`schedule` must be a function such as cosineDecay({ steps: 1000 }), received number."],
    [{ metrics: mae() }, "`metrics` must be an array such as [accuracy()], received object."],
    [
      { metrics: [accuracy()] },
      "the metric `accuracy` needs a loss whose targets are indices, those of meanSquaredError are numbers.",
    ],
    [{ metrics: [mae(), mae()] }, "`metrics` must have names of their own, received `mae` twice."],
    [{ earlyStopping: { patience: 1 } }, "`earlyStopping` needs `validation`, received none."],
    [{ reduceOnPlateau: { patience: 1 } }, "`reduceOnPlateau` needs `validation`, received none."],
    [{ validateEvery: 0, validation: [lineBatch] }, "`validateEvery` must be a whole number of at least 1, received 0."],
    [{ validateEvery: 2 }, "`validateEvery` needs `validation`, received none."],
    [{ checkpointEvery: 2 }, "`checkpointEvery` needs `onCheckpoint`, received none."],
  ])("are refused: %j", async (options, message) => {
    await expect(fit(line(), [lineBatch], { ...lineOptions(), ...options })).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: expect.stringContaining(`fit: ${message}`),
    });
  });
});

describe("a signal", () => {
  it("ends training after the step at hand, whose weights are kept", async () => {
    const controller = new AbortController();
    const network = recallNetwork();
    const validated = { loss: crossEntropy(), validation: recallBatches(1, 2) };
    const history = await fit(network, recallBatches(10, 1), {
      ...validated,
      optimizer: adam(),
      epochs: 3,
      signal: controller.signal,
      onProgress: ({ step }) => {
        if (step === 4) controller.abort();
      },
    });
    expect(history).toMatchObject({ steps: 4, interrupted: true });
    expect(history.epochs).toEqual([{ epoch: 1, step: 4, loss: expect.any(Number), seconds: expect.any(Number) }]);
    const stopped = recallNetwork();
    await fit(stopped, recallBatches(10, 1), { loss: crossEntropy(), optimizer: adam(), steps: 4 });
    expect(weightsOf(network)).toEqual(weightsOf(stopped));
  });

  it("that was aborted before lets no step happen", async () => {
    const network = line();
    const before = weightsOf(network);
    const history = await fit(network, [lineBatch], { ...lineOptions(), signal: AbortSignal.abort() });
    expect(history).toMatchObject({ epochs: [], steps: 0, interrupted: true });
    expect(weightsOf(network)).toEqual(before);
  });
});

it("fit gives way to other work of the process while it runs", async () => {
  let others = 0;
  const other = () => {
    others++;
    if (others < 3) setImmediate(other);
  };
  setImmediate(other);
  // The batches wait for promises alone, so that only fit can let the others in; it has a million steps to do so.
  async function* untilOthersRan(): AsyncGenerator<Batch> {
    for (let step = 0; step < 1e6 && others < 3; step++) yield await Promise.resolve(lineBatch);
  }
  const { steps } = await fit(line(), untilOthersRan, lineOptions());
  expect(others).toBe(3);
  expect(steps).toBeLessThan(1e6);
});

describe("numbers that break down", () => {
  it.each(engines)("end training before the step that a NaN in the data would make, naming it: $name", async ({ create }) => {
    const make = () =>
      withEngine(create(), () => sequential([gru({ inputSize: 1, units: 3 }), dense({ units: 1 })], { seed: 1 }));
    const good: Batch = { x: [[[1], [2]]], y: [[1]] };
    const bad: Batch = { x: [[[1], [Number.NaN]]], y: [[1]] };
    const [network, stopped] = [make(), make()];
    await fit(stopped, [good, good], { loss: meanSquaredError(), optimizer: adam() });
    await expect(fit(network, [good, good, bad, good], { loss: meanSquaredError(), optimizer: adam() })).rejects.toMatchObject({
      code: "UNROLLED_NOT_FINITE",
      message:
        "fit: the loss is NaN at step 3, in or after layer 0 (gru), all weights are finite; the weights are as step 2 left them. " +
        "Look for NaN or huge numbers in the data, lower the learning rate, or set clipNorm.",
    });
    expect(weightsOf(network)).toEqual(weightsOf(stopped));
  });

  it("end training where a target is infinite", async () => {
    await expect(fit(line(), [{ x: [[1]], y: [[Number.POSITIVE_INFINITY]] }], lineOptions())).rejects.toMatchObject({
      code: "UNROLLED_NOT_FINITE",
      message: expect.stringContaining("fit: the loss is Infinity at step 1,"),
    });
  });

  it("name the first layer whose weights are not finite", async () => {
    const network = sequential([dense({ inputSize: 1, units: 2 }), dropout(0.1), dense({ units: 1 })], { seed: 1 });
    network.layers[2]?.loadStateDict({ weight: tensor([[1, Number.NaN]]), bias: tensor([0]) });
    await expect(fit(network, [lineBatch], lineOptions())).rejects.toThrow(
      "fit: the loss is NaN at step 1, layer 2 (dense) has weights that are not finite;",
    );
  });

  /** Finite everywhere, with a derivative that is not where output and target are equal. */
  const distance: Loss = {
    name: "distance",
    targets: "numbers",
    of: (output, targets) => mean(sqrt(square(subtract(output, targets)))),
  };
  const origin = () => {
    const network = line();
    network.layers[0]?.loadStateDict({ weight: tensor([[1]]), bias: tensor([0]) });
    return network;
  };
  const poison: Batch = { x: [[0]], y: [[0]] };

  it("leave out and count a step whose loss is finite and whose gradient is not", async () => {
    const network = origin();
    const skipped: number[] = [];
    const history = await fit(network, [poison, poison], {
      loss: distance,
      optimizer: adam(),
      onProgress: ({ skippedSteps, gradientNorm }) => {
        skipped.push(skippedSteps);
        expect(gradientNorm).toBeNaN();
      },
    });
    expect(skipped).toEqual([1, 2]);
    expect(history).toMatchObject({ steps: 2, skippedSteps: 2 });
    expect(weightsOf(network)).toEqual(weightsOf(origin()));
  });

  it("are forgiven up to nine times in a row, again and again", async () => {
    // Output and target are far apart: the weight moves by the same small step each time, and stays where the poison works.
    const good: Batch = { x: [[0]], y: [[1e6]] };
    const frozen = { loss: distance, optimizer: sgd({ learningRate: 0 }) };
    const history = await fit(origin(), [...Array(9).fill(poison), good, ...Array(9).fill(poison)], frozen);
    expect(history).toMatchObject({ steps: 19, skippedSteps: 18 });
  });

  it("end training where ten gradients in a row are not finite", async () => {
    const network = origin();
    await expect(fit(network, Array(20).fill(poison), { loss: distance, optimizer: adam() })).rejects.toMatchObject({
      code: "UNROLLED_NOT_FINITE",
      message: expect.stringContaining("fit: the gradient, 10 steps in a row, is NaN at step 10,"),
    });
    expect(weightsOf(network)).toEqual(weightsOf(origin()));
  });

  it("don't come from a huge learning rate as NaN weights: training ends with an error, or all weights are finite", async () => {
    const network = sequential([embedding({ vocabularySize: 4, units: 4 }), gru({ units: 8 }), dense({ units: 4 })], { seed: 1 });
    const options = { loss: crossEntropy(), optimizer: sgd({ learningRate: 1e6 }), clipNorm: 1, epochs: 3 };
    const history = await fit(network, recallBatches(10, 1), options);
    expect(history.steps).toBe(30);
    for (const parameter of network.parameters) expect(parameter.read().data.every(Number.isFinite)).toBe(true);
  });
});

function meanOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
