import { describe, expect, it } from "vitest";
import { abs } from "../autograd/ops/abs.js";
import { mean } from "../autograd/ops/mean.js";
import { subtract } from "../autograd/ops/subtract.js";
import { gru } from "../layers/cells.js";
import { dense } from "../layers/dense.js";
import { embedding } from "../layers/embedding.js";
import { type Sequential, sequential } from "../layers/sequential.js";
import { plain } from "../layers/testing/plain.js";
import type { Batch } from "./batch.js";
import { evaluateLoss } from "./evaluate-loss.js";
import { fit } from "./fit.js";
import { crossEntropy } from "./losses/cross-entropy.js";
import { gaussianLikelihood } from "./losses/gaussian-likelihood.js";
import type { Loss } from "./losses/loss.js";
import { meanSquaredError } from "./losses/mean-squared-error.js";
import { sgd } from "./optimizers/sgd.js";

const tagger = () =>
  sequential([embedding({ vocabularySize: 5, units: 3 }), gru({ units: 4, returnSequences: true }), dense({ units: 3 })], {
    seed: 1,
  });
const classifier = () =>
  sequential([embedding({ vocabularySize: 5, units: 3 }), gru({ units: 4 }), dense({ units: 3 })], { seed: 1 });
const forecaster = () => sequential([gru({ inputSize: 1, units: 3, returnSequences: true }), dense({ units: 2 })], { seed: 1 });

const x = [
  [0, 1, 2, 3],
  [4, 3, 2, 1],
];
const y = [
  [0, 1, 2, 0],
  [1, 1, 0, 2],
];
const series: Batch = {
  x: [[[1], [2], [3]]],
  y: [
    [
      [1, 0],
      [2, 1],
      [0, 2],
    ],
  ],
};

/** Loss and weights after one step. */
async function step(network: Sequential, batch: Batch, loss: Loss): Promise<unknown> {
  const before = await evaluateLoss(network, [batch], loss);
  const { epochs } = await fit(network, [batch], { loss, optimizer: sgd({ learningRate: 0.5 }) });
  expect(epochs[0]?.loss).toBeCloseTo(before, 6);
  return { loss: before, weights: plain(network.stateDict()) };
}

describe("a mask", () => {
  it("leaves steps out, whose targets may be anything: fused with the dense layer, apart from it, and for numbers", async () => {
    const mask = [
      [1, 1, 0, 1],
      [0, 1, 1, 0],
    ];
    const other = y.map((row, b) => row.map((target, t) => (mask[b]?.[t] === 1 ? target : -100)));
    const { ofLinear: _, ...apart } = crossEntropy();
    for (const loss of [crossEntropy(), apart]) {
      expect(await step(tagger(), { x, y: other, mask }, loss)).toEqual(await step(tagger(), { x, y, mask }, loss));
    }
    const broken = {
      ...series,
      y: [
        [
          [1, 0],
          [Number.NaN, 7],
          [0, 2],
        ],
      ],
      mask: [[1, 0, 1]],
    };
    const whole = { ...series, mask: [[1, 0, 1]] };
    expect(await step(forecaster(), broken, meanSquaredError())).toEqual(await step(forecaster(), whole, meanSquaredError()));
  });

  it("at the end of sequences is the same as their lengths", async () => {
    const mask = [
      [1, 1, 1, 1],
      [1, 1, 0, 0],
    ];
    const masked = (await step(tagger(), { x, y, mask }, crossEntropy())) as { loss: number };
    const short = (await step(tagger(), { x, y, lengths: [4, 2] }, crossEntropy())) as { loss: number };
    expect(masked.loss).toBeCloseTo(short.loss, 6);
  });

  it("and weights follow their steps where lengths put sequences in another order", async () => {
    const batch: Batch = {
      x,
      y,
      lengths: [2, 4],
      mask: [
        [1, 0, 1, 1],
        [1, 1, 1, 0],
      ],
      sampleWeights: [3, 1],
    };
    const swapped: Batch = {
      x: [x[1] ?? [], x[0] ?? []],
      y: [y[1] ?? [], [0, 1, 9, 9]],
      lengths: [4, 2],
      mask: [
        [1, 1, 1, 0],
        [1, 0, 0, 0],
      ],
      sampleWeights: [1, 3],
    };
    const loss = crossEntropy();
    expect(await evaluateLoss(tagger(), [batch], loss)).toBeCloseTo(await evaluateLoss(tagger(), [swapped], loss), 6);
    const plainly = await evaluateLoss(tagger(), [{ x, y, lengths: [2, 4] }], loss);
    expect(Math.abs((await evaluateLoss(tagger(), [batch], loss)) - plainly)).toBeGreaterThan(1e-3);
  });

  it("of zeros alone gives loss 0, changes nothing, and doesn't count in the loss of data", async () => {
    const nothing: Batch = {
      x,
      y,
      mask: [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
    };
    const network = tagger();
    const before = plain(network.stateDict());
    const history = await fit(network, [nothing], { loss: crossEntropy(), optimizer: sgd() });
    expect(history.epochs[0]?.loss).toBe(0);
    expect(plain(network.stateDict())).toEqual(before);
    const all = await evaluateLoss(tagger(), [{ x, y }], crossEntropy());
    expect(await evaluateLoss(tagger(), [nothing, { x, y }], crossEntropy())).toBe(all);
    await expect(evaluateLoss(tagger(), [nothing], crossEntropy())).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message: "evaluateLoss: expected data in which something counts, received masks and weights of 0 alone.",
    });
  });
});

describe("sample weights", () => {
  it("of a sequence count for each of its steps", async () => {
    const ofSteps = {
      x,
      y,
      sampleWeights: [
        [2, 2, 2, 2],
        [0.5, 0.5, 0.5, 0.5],
      ],
    };
    expect(await step(tagger(), { x, y, sampleWeights: [2, 0.5] }, crossEntropy())).toEqual(
      await step(tagger(), ofSteps, crossEntropy()),
    );
  });

  it("of 2 and 1 are the loss of data that has the one sequence twice", async () => {
    const labels = [0, 2];
    const twice = { x: [x[0] ?? [], x[0] ?? [], x[1] ?? []], y: [0, 0, 2] };
    const expected = await evaluateLoss(classifier(), [twice], crossEntropy());
    const weighed = { x, y: labels, sampleWeights: [2, 1] };
    expect(await evaluateLoss(classifier(), [weighed], crossEntropy())).toBeCloseTo(expected, 6);
    const apart = [
      { x: x.slice(0, 1), y: [0], sampleWeights: [2] },
      { x: x.slice(1), y: [2], sampleWeights: [1] },
    ];
    expect(await evaluateLoss(classifier(), apart, crossEntropy())).toBeCloseTo(expected, 6);
  });
});

describe("class weights and ignored targets", () => {
  it("weigh batches against each other as they weigh rows", async () => {
    const loss = crossEntropy({ classWeights: [1, 5, 0.5], ignoreIndex: -1, labelSmoothing: 0.1 });
    const labelled = [
      [0, -1, 2, 0],
      [1, 1, 0, -1],
    ];
    const apart = [0, 1].map((b) => ({ x: x.slice(b, b + 1), y: labelled.slice(b, b + 1) }));
    const together = await evaluateLoss(tagger(), [{ x, y: labelled }], loss);
    expect(await evaluateLoss(tagger(), apart, loss)).toBeCloseTo(together, 6);
    const mask = labelled.map((row) => row.map((target) => (target === -1 ? 0 : 1)));
    const { ignoreIndex: _, ...without } = loss;
    expect(await evaluateLoss(tagger(), [{ x, y: labelled, mask }], without)).toBe(together);
  });
});

describe("a batch is refused", () => {
  it.each<[what: string, network: () => Sequential, batch: Batch, loss: Loss, code: string, message: string]>([
    [
      "a mask of another shape",
      tagger,
      { x, y, mask: [1, 1] },
      crossEntropy(),
      "UNROLLED_SHAPE",
      "batch: `mask` must be [batch, time] = [2, 4], received [2].",
    ],
    [
      "a mask that is no yes or no",
      tagger,
      {
        x,
        y,
        mask: [
          [1, 1, 0.5, 1],
          [1, 1, 1, 1],
        ],
      },
      crossEntropy(),
      "UNROLLED_VALUE",
      "batch: `mask` must be 0 or 1, received 0.5 at position 2.",
    ],
    [
      "a mask where there is one output a sequence",
      classifier,
      {
        x,
        y: [0, 1],
        mask: [
          [1, 1, 1, 1],
          [1, 1, 1, 1],
        ],
      },
      crossEntropy(),
      "UNROLLED_SHAPE",
      "batch: `mask` is for a network that gives an output at each step, this one gives one for each sequence; use `sampleWeights`.",
    ],
    [
      "weights of another shape",
      classifier,
      {
        x,
        y: [0, 1],
        sampleWeights: [
          [1, 1, 1, 1],
          [1, 1, 1, 1],
        ],
      },
      crossEntropy(),
      "UNROLLED_SHAPE",
      "batch: `sampleWeights` must be [batch] = [2], received [2, 4].",
    ],
    [
      "a negative weight",
      tagger,
      { x, y, sampleWeights: [1, -1] },
      crossEntropy(),
      "UNROLLED_VALUE",
      "batch: `sampleWeights` must be finite and at least 0, received -1 at position 1.",
    ],
    [
      "weights for a loss that doesn't weigh",
      forecaster,
      { ...series, sampleWeights: [1] },
      { name: "own", targets: "numbers", of: (output, targets) => mean(abs(subtract(output, targets))) },
      "UNROLLED_VALUE",
      "own: the batch has a mask or weights, but the loss takes no third parameter to weigh rows by; make it with `defineLoss`.",
    ],
    [
      "targets of other features than the loss makes of the output",
      forecaster,
      series,
      gaussianLikelihood(),
      "UNROLLED_SHAPE",
      "gaussianLikelihood: `y` must be [1, 3, 1] for this network and `x`, received [1, 3, 2].",
    ],
    [
      "an output that the loss can't split",
      tagger,
      { x, y },
      gaussianLikelihood(),
      "UNROLLED_SHAPE",
      "gaussianLikelihood: the network must give 2 features for each number of a target, received 3 in all; set the last layer's units to a multiple of 2.",
    ],
  ])("with %s", async (_what, network, batch, loss, code, message) => {
    await expect(evaluateLoss(network(), [batch], loss)).rejects.toMatchObject({ code, message });
  });
});
