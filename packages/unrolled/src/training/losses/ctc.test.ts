import { describe, expect, it } from "vitest";
import { valueAndGradients } from "../../autograd/gradients.js";
import { ctcLoss } from "../../autograd/ops/ctc.js";
import { mean } from "../../autograd/ops/mean.js";
import { multiply } from "../../autograd/ops/multiply.js";
import { ctcGreedyDecode } from "../../decoding/index.js";
import { withEngine } from "../../engine/current.js";
import { engines } from "../../engine/testing/engines.js";
import { gru } from "../../layers/cells.js";
import { dense } from "../../layers/dense.js";
import { embedding } from "../../layers/embedding.js";
import { type Sequential, sequential } from "../../layers/sequential.js";
import { randomTensor } from "../../layers/testing/random-tensor.js";
import { tensor } from "../../tensor/create.js";
import { RandomStream } from "../../tensor/random.js";
import type { Batch } from "../batch.js";
import { evaluateLoss } from "../evaluate-loss.js";
import { evaluateMetrics } from "../evaluate-metrics.js";
import { fit } from "../fit.js";
import { accuracy } from "../metrics/accuracy.js";
import { labelErrorRate } from "../metrics/label-error-rate.js";
import { adam } from "../optimizers/adam.js";
import { sgd } from "../optimizers/sgd.js";
import { crossEntropy } from "./cross-entropy.js";
import { ctc } from "./ctc.js";

const x = randomTensor([3, 6, 2], 1);
const lengths = [4, 6, 3];
const y = [[1, 2], [], [3, 3]];
const network = (seed = 1) => sequential([gru({ inputSize: 2, units: 3, returnSequences: true }), dense({ units: 4 })], { seed });

/** The loss of each sequence alone and unpadded, by the op. */
function lossesAlone(of: Sequential, blank: number, targets: number[][]): number[] {
  return (x.toArray() as number[][][]).map((steps, sequence) => {
    const logits = of.apply([steps.slice(0, lengths[sequence])]);
    return ctcLoss(logits, [targets[sequence] ?? []], { blank }).item();
  });
}

describe("ctc", () => {
  it.each(engines)("is the mean of each sequence's own loss, whatever order lengths put them in: $name", async ({ create }) => {
    const own = withEngine(create(), network);
    const [a = 0, b = 0, c = 0] = lossesAlone(own, 0, y);
    expect(await evaluateLoss(own, [{ x, y, lengths }], ctc())).toBeCloseTo((a + b + c) / 3, 5);
    const weighted = { x, y, lengths, sampleWeights: [1, 2, 0.5] };
    expect(await evaluateLoss(own, [weighted], ctc())).toBeCloseTo((a + 2 * b + 0.5 * c) / 3.5, 5);
  });

  it("reads labels of any class but the blank, which may be another", async () => {
    const others = [[0, 2], [], [1, 1]];
    const [a = 0, b = 0, c = 0] = lossesAlone(network(), 3, others);
    expect(await evaluateLoss(network(), [{ x, y: others, lengths }], ctc({ blank: 3 }))).toBeCloseTo((a + b + c) / 3, 5);
  });

  it("doesn't look at the labels of a sequence that counts for nothing, and is 0 where none counts", async () => {
    const [a = 0, b = 0] = lossesAlone(network(), 0, y);
    const batch = { x, y: [...y.slice(0, 2), [9, 9, 9]], lengths };
    expect(await evaluateLoss(network(), [{ ...batch, sampleWeights: [1, 1, 0] }], ctc())).toBeCloseTo((a + b) / 2, 5);
    const own = network();
    const { epochs } = await fit(own, [{ ...batch, sampleWeights: [0, 0, 0] }], { loss: ctc(), optimizer: sgd() });
    expect(epochs[0]?.loss).toBe(0);
    expect(own.parameters.map((parameter) => [...parameter.read().data])).toEqual(
      network().parameters.map((parameter) => [...parameter.read().data]),
    );
  });

  it("has in fit the gradients of the op", async () => {
    const [one, other] = [network(), network()];
    const weights = [1, 2, 0.5];
    await fit(one, [{ x, y, lengths, sampleWeights: weights }], { loss: ctc(), optimizer: sgd({ learningRate: 0.5 }) });
    const { gradients } = valueAndGradients(other.parameters, () => {
      const losses = ctcLoss(other.apply(x, { lengths }), y, { inputLengths: lengths, reduction: "none" });
      return multiply(mean(multiply(losses, tensor(weights))), 3 / 3.5);
    });
    sgd({ learningRate: 0.5 }).update(other.parameters, gradients);
    for (const [index, parameter] of one.parameters.entries()) {
      const expected = other.parameters[index]?.read().data ?? [];
      for (const [at, value] of parameter.read().data.entries()) expect(value).toBeCloseTo(expected[at] ?? Number.NaN, 5);
    }
  });

  it("teaches a network to read, measured by its label error rate, best weights kept", async () => {
    // each label lasts one to three steps, and nothing tells where it ends but the next one
    const random = new RandomStream(3, "sampling");
    const spoken = (count: number): Batch => {
      const labels = Array.from({ length: count }, () => {
        const first = 1 + random.integer(3);
        return [first, 1 + ((first + random.integer(2)) % 3), first].slice(0, 1 + random.integer(3));
      });
      const steps = labels.map((own) => own.flatMap((label) => Array<number>(1 + random.integer(3)).fill(label - 1)));
      const padded = steps.map((own) => [...own, ...Array<number>(9 - own.length).fill(0)]);
      return { x: padded, y: labels, lengths: steps.map(({ length }) => length) };
    };
    const reader = sequential(
      [embedding({ vocabularySize: 3, units: 4 }), gru({ units: 12, returnSequences: true }), dense({ units: 4 })],
      { seed: 1 },
    );
    const [training, validation] = [Array.from({ length: 8 }, () => spoken(16)), [spoken(50)]];
    const metrics = [labelErrorRate()];
    expect((await evaluateMetrics(reader, validation, { loss: ctc(), metrics })).labelErrorRate).toBeGreaterThan(0.5);
    const history = await fit(reader, training, {
      ...{ loss: ctc(), optimizer: adam({ learningRate: 0.02 }), epochs: 15, metrics, validation, clipNorm: 5 },
      earlyStopping: { patience: 15, metric: "labelErrorRate" },
    });
    expect(history.epochs.at(-1)?.metrics?.labelErrorRate).toBeLessThan(0.1);
    const { labelErrorRate: rate } = await evaluateMetrics(reader, validation, { loss: ctc(), metrics });
    expect(rate).toBe(history.best?.value);
    expect(rate).toBeLessThan(0.05);
  });
});

describe("labelErrorRate", () => {
  it("is the edit distance by the target's labels, the mean over sequences, weighed by sample weights", async () => {
    const own = network(5);
    const read = ctcGreedyDecode(own.apply(x, { lengths }), { inputLengths: lengths });
    const first = read[0] ?? [];
    // right; all wrong by one insertion too many where nothing was to be read; one label missing of two
    const targets = [[...first], [], [...(read[2] ?? []), (read[2]?.at(-1) ?? 3) === 1 ? 2 : 1]];
    const expected = [0, read[1]?.length ?? 0, 1 / (targets[2]?.length ?? 1)];
    const measured = async (sampleWeights: number[]) =>
      (
        await evaluateMetrics(own, [{ x, y: targets, lengths, sampleWeights }], {
          loss: ctc({ zeroInfinity: true }),
          metrics: [labelErrorRate()],
        })
      ).labelErrorRate;
    for (const [sequence, value] of expected.entries()) {
      expect(await measured([0, 0, 0].map((_, index) => (index === sequence ? 2 : 0)))).toBeCloseTo(value, 10);
    }
    expect(await measured([1, 2, 3])).toBeCloseTo((2 * (expected[1] ?? 0) + 3 * (expected[2] ?? 0)) / 6, 10);
  });

  it.each<[read: number[], target: number[], distance: number]>([
    [[], [], 0],
    [[1, 2, 3], [1, 2, 3], 0],
    [[], [1, 2], 2],
    [[1, 2], [], 2],
    [[1, 2, 3], [1, 3], 1],
    [[1, 2, 3], [2, 3, 1], 2],
    [[2, 1, 3, 3], [1, 2, 3], 2],
  ])("of %j read and %j to be read counts %d", (read, target, distance) => {
    // a blank between any two, so that all are read
    const path = read.flatMap((label) => [label, 0]);
    const logits = tensor([[...path, 0].map((label) => [0, 1, 2, 3].map((each) => (each === label ? 9 : 0)))]);
    const [value = Number.NaN] = Array.from(labelErrorRate().sequences(logits, [target], [path.length + 1]));
    expect(value * Math.max(1, target.length)).toBeCloseTo(distance, 10);
  });
});

describe("ctc is refused", () => {
  const pooled = sequential([gru({ inputSize: 2, units: 4 })], { seed: 1 });
  const labels = "must be an array of labels for each of 3 sequences, such as [[3, 1, 4], [2]], received";
  it.each<[what: string, batch: object, code: string, message: string]>([
    ["labels of another batch", { y: [[1]] }, "UNROLLED_SHAPE", `ctc: \`y\` ${labels} 1 arrays.`],
    ["one label a sequence", { y: [1, 2, 3] }, "UNROLLED_SHAPE", `ctc: \`y\` ${labels} an array of something else.`],
    ["a number", { y: 1 }, "UNROLLED_SHAPE", `ctc: \`y\` ${labels} number.`],
    [
      "no class",
      { y: [[4], [], []] },
      "UNROLLED_INDEX",
      "ctcLoss: target 0: indices must be whole numbers from 0 to 3, received 4 at position 0.",
    ],
    [
      "the blank",
      { y: [[0], [], []] },
      "UNROLLED_VALUE",
      "ctcLoss: target 0: labels must not be the blank, received 0 at position 0;",
    ],
    ["too few steps", { y: [[1, 1, 1], [], []] }, "UNROLLED_VALUE", "ctcLoss: target 0 needs 5 steps at least"],
    ["a mask", { mask: [[1]] }, "UNROLLED_VALUE", "batch: `mask` is for losses of each step, ctc is of whole sequences;"],
    [
      "step weights",
      { sampleWeights: [[1]] },
      "UNROLLED_SHAPE",
      "batch: `sampleWeights` must be [batch] = [3], received [1, 1].",
    ],
  ])("with %s", async (_what, wrong, code, message) => {
    const batch = { x, y, lengths, ...wrong } as Batch;
    await expect(evaluateLoss(network(), [batch], ctc())).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it("where the network gives no output at each step, and for metrics of rows", async () => {
    await expect(evaluateLoss(pooled, [{ x, y }], ctc())).rejects.toMatchObject({
      code: "UNROLLED_SHAPE",
      message: expect.stringContaining("ctc: the network must give an output at each step"),
    });
    await expect(evaluateMetrics(network(), [{ x, y }], { loss: ctc(), metrics: [accuracy()] })).rejects.toThrow(
      "evaluateMetrics: the metric `accuracy` needs a loss whose targets are indices, those of ctc are labels.",
    );
    await expect(evaluateMetrics(network(), [{ x, y }], { loss: crossEntropy(), metrics: [labelErrorRate()] })).rejects.toThrow(
      "evaluateMetrics: the metric `labelErrorRate` needs a loss whose targets are labels, those of crossEntropy are indices.",
    );
  });
});
