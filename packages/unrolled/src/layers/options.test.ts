import { describe, expect, it } from "vitest";
import { valueAndGradients } from "../autograd/gradients.js";
import { sum } from "../autograd/ops/sum.js";
import type { Tensor } from "../tensor/tensor.js";
import { type ActivationName, activation } from "./activation.js";
import { attentionPooling } from "./attention-pooling.js";
import { gru, lstm, rnn } from "./cells.js";
import { conv2d } from "./conv2d.js";
import { dense } from "./dense.js";
import { dropout, lockedDropout } from "./dropout.js";
import { type Embedding, embedding } from "./embedding.js";
import { layerNorm } from "./layer-norm.js";
import { maxPooling2d } from "./max-pooling2d.js";
import { MERGES } from "./merge.js";
import { lastStep, maxOverTime, meanOverTime } from "./pooling.js";
import type { Recurrent } from "./recurrent.js";
import { residual } from "./residual.js";
import { type Sequential, sequential } from "./sequential.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";

type Options = Record<string, unknown>;

interface OptionCase {
  readonly layer: string;
  /** A network with the layer made with options, which can run on the input. */
  make(options: never): Sequential;
  readonly input: Tensor;
  /** All that there are, in the order in which messages list them. */
  readonly options: Options;
  /** Another value of each option that the layer has. */
  readonly others: Options;
  /** Values that are refused, with what the message says of them. */
  readonly refused: readonly (readonly [option: string, value: unknown, message: string])[];
}

const count = "must be a whole number of at least 1";
const extent = "must be a whole number of at least 1, or [height, width] of such";
const imageShape = "must be [height, width, channels], whole numbers of at least 1 (or null for any width)";
const recurrent = {
  input: randomTensor([2, 4, 3], 1),
  options: {
    units: 5,
    inputSize: 3,
    layers: 2,
    dropout: 0.5,
    bidirectional: undefined,
    inputDropout: 0,
    recurrentDropout: 0,
    weightDropout: 0,
    zoneout: 0,
    goBackwards: false,
    stateful: false,
    returnSequences: false,
    trainable: true,
    seed: 1,
  },
  others: {
    units: 6,
    inputSize: 4,
    layers: 3,
    dropout: 0,
    bidirectional: "average",
    inputDropout: 0.5,
    recurrentDropout: 0.5,
    weightDropout: 0.5,
    zoneout: { h: 0.5 },
    goBackwards: true,
    stateful: true,
    returnSequences: true,
    trainable: false,
    seed: 2,
  },
  refused: [
    ["units", 0, `\`units\` ${count}, received 0.`],
    ["units", undefined, `\`units\` ${count}, received undefined.`],
    ["inputSize", 1.5, `\`inputSize\` ${count}, received 1.5.`],
    ["layers", Number.NaN, `\`layers\` ${count}, received NaN.`],
    ["layers", 0, `\`layers\` ${count}, received 0.`],
    ["dropout", 1, "`dropout` must be from 0 to below 1, received 1."],
    ["dropout", -0.5, "`dropout` must be from 0 to below 1, received -0.5."],
    ["bidirectional", "both", '`bidirectional` must be one of concat, sum, mul, average, received "both".'],
    ["bidirectional", true, "`bidirectional` must be one of concat, sum, mul, average, received true."],
    ["inputDropout", 1, "`inputDropout` must be from 0 to below 1, received 1."],
    ["recurrentDropout", Number.NaN, "`recurrentDropout` must be from 0 to below 1, received NaN."],
    ["weightDropout", -1, "`weightDropout` must be from 0 to below 1, received -1."],
    ["zoneout", 1, "`zoneout` must be from 0 to below 1, received 1."],
    ["seed", -1, "expected a whole number from 0 to 9007199254740991, received -1."],
  ],
} as const;

const cases: readonly OptionCase[] = [
  {
    ...recurrent,
    layer: "rnn",
    make: (options) => sequential([rnn(options)]),
    options: { ...recurrent.options, activation: "tanh" },
    others: { ...recurrent.others, activation: "relu" },
    refused: [...recurrent.refused, ["activation", "sin", '`activation` must be one of tanh, relu, received "sin".']],
  },
  {
    ...recurrent,
    layer: "lstm",
    make: (options) => sequential([lstm(options)]),
    options: {
      ...recurrent.options,
      layerNormalization: false,
      peepholes: false,
      projectionSize: undefined,
      coupledGates: false,
      cellClip: undefined,
    },
    others: {
      ...recurrent.others,
      layerNormalization: true,
      peepholes: true,
      projectionSize: 2,
      coupledGates: true,
      cellClip: 0.01,
    },
    refused: [
      ...recurrent.refused,
      ["projectionSize", 0, `\`projectionSize\` ${count}, received 0.`],
      ["projectionSize", 5, "`projectionSize` must be below units (5), received 5."],
      ["cellClip", 0, "`cellClip` must be a finite number above 0, received 0."],
    ],
  },
  {
    ...recurrent,
    layer: "gru",
    make: (options) => sequential([gru(options)]),
    options: { ...recurrent.options, resetAfter: true, layerNormalization: false },
    others: { ...recurrent.others, resetAfter: false, layerNormalization: true },
  },
  {
    layer: "dense",
    // a tie decides the sizes
    make: (options: { tiedTo?: Embedding; activation: ActivationName }) => {
      const { tiedTo, activation } = options;
      return sequential([dense(tiedTo ? { tiedTo, activation } : (options as never))]);
    },
    input: randomTensor([2, 3], 1),
    options: { units: 5, inputSize: 3, activation: "tanh", tiedTo: undefined, trainable: true, seed: 1 },
    others: {
      units: 6,
      inputSize: 4,
      activation: "relu",
      tiedTo: embedding({ vocabularySize: 5, units: 3, seed: 1 }),
      trainable: false,
      seed: 2,
    },
    refused: [
      ["units", -1, `\`units\` ${count}, received -1.`],
      ["inputSize", 0, `\`inputSize\` ${count}, received 0.`],
      ["activation", "sin", '`activation` must be one of relu, sigmoid, softmax, tanh, received "sin".'],
      ["seed", 0.5, "expected a whole number from 0 to 9007199254740991, received 0.5."],
    ],
  },
  {
    layer: "embedding",
    make: (options) => sequential([embedding(options)]),
    input: randomTensor([0], 1),
    options: { vocabularySize: 4, units: 5, dropout: 0, trainable: true, vectors: undefined, seed: 1 },
    others: { vocabularySize: 3, units: 6, dropout: 0.5, trainable: false, vectors: new Map([[1, [1, 2, 3, 4, 5]]]), seed: 2 },
    refused: [
      ["vocabularySize", 0, `\`vocabularySize\` ${count}, received 0.`],
      ["units", 2.5, `\`units\` ${count}, received 2.5.`],
      ["dropout", 1, "`dropout` must be from 0 to below 1, received 1."],
      ["seed", -1, "expected a whole number from 0 to 9007199254740991, received -1."],
    ],
  },
  {
    layer: "conv2d",
    make: (options) => sequential([conv2d(options)]),
    input: randomTensor([2, 5, 6, 3], 1),
    options: {
      ...{ filters: 4, kernelSize: 2, strides: 1, padding: "valid", activation: "tanh", inputShape: [5, 6, 3] },
      ...{ trainable: true, seed: 1 },
    },
    others: {
      ...{ filters: 5, kernelSize: [2, 3], strides: [1, 2], padding: "same", activation: "relu", inputShape: [6, 5, 3] },
      ...{ trainable: false, seed: 2 },
    },
    refused: [
      ["filters", 0, `\`filters\` ${count}, received 0.`],
      ["kernelSize", 0, `\`kernelSize\` ${extent}, received 0.`],
      ["kernelSize", [2], `\`kernelSize\` ${extent}, received [2].`],
      ["strides", [1, 1.5], `\`strides\` ${extent}, received [1,1.5].`],
      ["padding", "full", '`padding` must be one of valid, same, received "full".'],
      ["activation", "sin", '`activation` must be one of relu, sigmoid, softmax, tanh, received "sin".'],
      ["inputShape", [5, 6], `\`inputShape\` ${imageShape}, received [5,6].`],
      ["inputShape", [null, 6, 3], `\`inputShape\` ${imageShape}, received [null,6,3].`],
      ["seed", -1, "expected a whole number from 0 to 9007199254740991, received -1."],
    ],
  },
  {
    layer: "maxPooling2d",
    make: (options) => sequential([maxPooling2d(options)]),
    input: randomTensor([2, 5, 6, 3], 1),
    options: { poolSize: 2, strides: 2, padding: "valid", inputShape: [5, 6, 3] },
    others: { poolSize: [3, 2], strides: 1, padding: "same", inputShape: [5, 6, 4] },
    refused: [
      ["poolSize", -1, `\`poolSize\` ${extent}, received -1.`],
      ["strides", 0, `\`strides\` ${extent}, received 0.`],
      ["padding", "full", '`padding` must be one of valid, same, received "full".'],
      ["inputShape", 5, `\`inputShape\` ${imageShape}, received 5.`],
    ],
  },
  {
    layer: "layerNorm",
    make: (options) => sequential([layerNorm(options)]),
    input: randomTensor([2, 3], 1),
    options: { epsilon: 1e-5, inputSize: 3, trainable: true },
    others: { epsilon: 0.1, inputSize: 4, trainable: false },
    refused: [
      ["epsilon", 0, "`epsilon` must be a finite number above 0, received 0."],
      ["inputSize", 0, `\`inputSize\` ${count}, received 0.`],
    ],
  },
  {
    layer: "attentionPooling",
    make: (options) => sequential([attentionPooling(options)]),
    input: randomTensor([2, 4, 3], 1),
    options: { units: 5, inputSize: 3, trainable: true, seed: 1 },
    others: { units: 6, inputSize: 4, trainable: false, seed: 2 },
    refused: [
      ["units", undefined, `\`units\` ${count}, received undefined.`],
      ["inputSize", -1, `\`inputSize\` ${count}, received -1.`],
      ["seed", -1, "expected a whole number from 0 to 9007199254740991, received -1."],
    ],
  },
  {
    layer: "sequential",
    make: (options) => sequential([dense({ inputSize: 3, units: 5 })], options),
    input: randomTensor([2, 3], 1),
    options: { seed: 1 },
    others: { seed: 2 },
    refused: [["seed", Number.POSITIVE_INFINITY, "expected a whole number from 0 to 9007199254740991, received Infinity."]],
  },
];

describe.each(cases)("$layer", ({ layer, make, input, options, others, refused }) => {
  it("refuses an option that it doesn't have, naming those that it has, of which each is tried here", () => {
    expect(() => make({ ...options, bidirectionel: true, unit: 3 } as never)).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: `${layer}: there is no option \`bidirectionel\`, \`unit\`; the options are ${Object.keys(options).join(", ")}.`,
      }),
    );
    expect(Object.keys(others).sort()).toEqual(Object.keys(options).sort());
  });

  it.each(Object.keys(options))("computes something else, or refuses the input, where %s is another", (option) => {
    const changed = { ...options, [option]: others[option] };
    expect(outcome(make(options as never), input)).toEqual(outcome(make(options as never), input));
    expect(outcome(make(changed as never), input)).not.toEqual(outcome(make(options as never), input));
  });

  it.each(refused)("refuses %s: %s", (option, value, message) => {
    const where = option === "seed" ? "seed" : layer;
    expect(() => make({ ...options, [option]: value } as never)).toThrow(
      expect.objectContaining({ code: "UNROLLED_VALUE", message: `${where}: ${message}` }),
    );
  });
});

it("layers with one argument or none compute something else for each of them", () => {
  const input = randomTensor([2, 4, 3], 1);
  const behindDense = (layer: () => Parameters<typeof sequential>[0][number]) =>
    outcome(sequential([dense({ inputSize: 3, units: 50 }), layer()], { seed: 1 }), input);
  const outcomes = [
    behindDense(() => dropout(0)),
    behindDense(() => dropout(0.3)),
    behindDense(() => dropout(0.6)),
    behindDense(() => lockedDropout(0.3)),
    behindDense(() => lockedDropout(0.6)),
    behindDense(() => lastStep()),
    behindDense(() => meanOverTime()),
    behindDense(() => maxOverTime()),
    behindDense(() => residual(dense({ units: 50 }))),
    behindDense(() => activation("relu")),
    behindDense(() => activation("tanh")),
    behindDense(() => activation("sigmoid")),
    behindDense(() => activation("softmax")),
  ];
  expect(new Set(outcomes.map((each) => JSON.stringify(each))).size).toBe(outcomes.length);
});

it.each([lstm, gru, rnn])("dropout is refused where there is one layer, between which and the next it would act", (make) => {
  expect(() => make({ units: 5, dropout: 0.5 })).toThrow(
    expect.objectContaining({
      code: "UNROLLED_VALUE",
      message: expect.stringMatching(
        /^(lstm|gru|rnn): `dropout` acts between stacked layers, received 0.5 for one layer; set layers: 2, or put dropout\(0.5\) behind it\.$/,
      ),
    }),
  );
  expect(make({ units: 5, dropout: 0 }).dropout).toBe(0);
});

it("bidirectional computes something else for each way to merge", () => {
  const outcomes = MERGES.map((bidirectional) =>
    outcome(sequential([gru({ units: 5, inputSize: 3, bidirectional, seed: 1 })]), recurrent.input),
  );
  expect(new Set(outcomes.map((each) => JSON.stringify(each))).size).toBe(MERGES.length);
});

it("zoneout computes something else for each state, in training and out of it", () => {
  const layers = [0, 0.5, { h: 0.5 }, { c: 0.5 }, { h: 0.2 }].map((zoneout) =>
    lstm({ units: 5, inputSize: 3, zoneout, seed: 1 }),
  );
  for (const see of [
    (layer: Recurrent) => plain(layer.apply(recurrent.input)),
    (layer: Recurrent) => outcome(sequential([layer]), recurrent.input),
  ]) {
    expect(new Set(layers.map((layer) => JSON.stringify(see(layer)))).size).toBe(layers.length);
  }
});

/** All that a user can see of a network in two steps of training: weights, outputs, gradients, or the error. */
function outcome(network: Sequential, input: Tensor): unknown {
  const x = network.layers[0]?.kind === "embedding" ? [[0, 1, 2]] : input;
  try {
    const outputs: unknown[] = [];
    const gradients = ["first", "second"].map(() =>
      valueAndGradients(network.parameters, () => {
        const output = network.apply(x);
        outputs.push(plain(output));
        return sum(output);
      }),
    );
    return { weights: plain(network.stateDict()), outputs, gradients: plain(gradients) };
  } catch (error) {
    return String(error);
  }
}

it.each([lstm, gru, rnn, dense, embedding])("a layer without options is refused, and not by accident", (layer) => {
  expect(() => layer(undefined as never)).toThrow("expected a record of options, received undefined");
});

it("an initial state that is no record of states is refused", () => {
  const layer = lstm({ inputSize: 2, units: 2 });
  expect(() => layer.apply(randomTensor([1, 2, 2], 1), { initialState: 5 as never })).toThrow(
    "lstm: initialState: expected a record of options, received number.",
  );
});
