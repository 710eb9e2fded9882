import { checkGradients } from "../../autograd/check-gradients.js";
import { valueAndGradients } from "../../autograd/gradients.js";
import { linearCrossEntropy, softmaxCrossEntropy } from "../../autograd/ops/cross-entropy.js";
import { ctcLoss } from "../../autograd/ops/ctc.js";
import { exp } from "../../autograd/ops/exp.js";
import { multiply } from "../../autograd/ops/multiply.js";
import { sum } from "../../autograd/ops/sum.js";
import { defineCell } from "../../cells/own-cell.js";
import { trainPieces } from "../../data/text/pieces/train-pieces.js";
import { Vocabulary } from "../../data/text/vocabulary.js";
import { ctcBeamDecode } from "../../decoding/ctc/beam.js";
import { ctcGreedyDecode } from "../../decoding/ctc/greedy.js";
import { configure, engineInfo, workerSettings } from "../../engine/current.js";
import { recurrent } from "../../layers/cells.js";
import { randomTensor } from "../../layers/testing/random-tensor.js";
import { tensor } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { OptionCase } from "./option-case.js";

const ids = (...values: number[]) => tensor(Int32Array.from(values));
const logits = randomTensor([3, 4], 1);
const classOptions = { weights: undefined, classWeights: undefined, labelSmoothing: 0 };
const otherClassOptions = { weights: tensor([1, 2, 3]), classWeights: tensor([1, 2, 3, 4]), labelSmoothing: 0.1 };

/** Two sequences, and one whose target is impossible: its only label has probability 0. */
const speech = randomTensor([3, 5, 4], 2);
for (let step = 0; step < 5; step++) speech.data[2 * 20 + step * 4 + 1] = Number.NEGATIVE_INFINITY;
const finiteSpeech = randomTensor([3, 5, 4], 2);

const cell = {
  name: "leaky",
  parameters: ({ inputSize, units }: { inputSize: number; units: number }) => ({ w: [units, inputSize], v: [1] }),
  state: ({ units }: { units: number }) => ({ h: [units] }),
  outputSize: ({ units }: { units: number }) => units,
  step: (x: Tensor, { h }: { h: Tensor }) => ({ output: multiply(x, h), state: { h: exp(x) } }),
};

/** Ops, decoders, and what stands alone. */
export const autogradCases: readonly OptionCase[] = [
  {
    where: "checkGradients",
    file: "autograd/check-gradients.ts",
    types: ["CheckGradientsOptions"],
    options: { step: 1e-5, entries: 50 },
    others: { step: 0.1, entries: 1 },
    run: (options) => {
      const x = randomTensor([6], 3);
      return checkGradients([x], () => sum(exp(x)), options);
    },
  },
  {
    where: "softmaxCrossEntropy",
    file: "autograd/ops/cross-entropy.ts",
    types: ["SoftmaxCrossEntropyOptions"],
    options: classOptions,
    others: otherClassOptions,
    run: (options) => [
      valueAndGradients([logits], () => softmaxCrossEntropy(logits, ids(0, 2, 3), options)),
      valueAndGradients([logits], () => linearCrossEntropy(logits, randomTensor([4, 4], 5), [0, 0, 0, 0], ids(0, 2, 3), options)),
    ],
  },
  {
    where: "ctcLoss",
    file: "autograd/ops/ctc.ts",
    types: ["CtcLossOptions"],
    options: { inputLengths: [5, 4, 5], targetLengths: [2, 1, 1], blank: 0, reduction: "mean", zeroInfinity: false },
    others: { inputLengths: [5, 3, 5], targetLengths: [1, 1, 1], blank: 3, reduction: "meanPerLabel", zeroInfinity: true },
    run: (options) => valueAndGradients([speech], () => sum(ctcLoss(speech, [[1, 2], [2], [1]], options))),
  },
  {
    where: "ctcGreedyDecode",
    file: "decoding/ctc/greedy.ts",
    types: ["CtcInputOptions"],
    options: { inputLengths: [5, 5, 5], blank: 0 },
    others: { inputLengths: [1, 1, 1], blank: 3 },
    run: (options) => ctcGreedyDecode(finiteSpeech, options),
  },
  {
    where: "ctcBeamDecode",
    file: "decoding/ctc/beam.ts",
    types: ["CtcBeamOptions"],
    options: { inputLengths: [5, 5, 5], blank: 0, beamWidth: 16, nBest: 1 },
    others: { inputLengths: [1, 1, 1], blank: 3, beamWidth: 1, nBest: 2 },
    run: (options) => ctcBeamDecode(finiteSpeech, options),
  },
  {
    where: "defineCell",
    file: "cells/own-cell.ts",
    types: [],
    options: cell,
    others: {
      name: "other",
      parameters: () => ({ w: [2, 3] }),
      state: ({ units }: { units: number }) => ({ h: [units], c: [units] }),
      outputSize: () => 5,
      step: (x: Tensor) => ({ output: exp(x), state: { h: exp(x) } }),
    },
    run: (definition) => {
      const layer = recurrent(defineCell(definition), { inputSize: 3, units: 3, seed: 1 });
      const about = { weights: layer.stateDict(), states: layer.states, size: layer.outputSize, kind: layer.kind };
      return { ...about, ...layer.apply(randomTensor([2, 4, 3], 6), {}) };
    },
  },
  {
    where: "vocabulary",
    file: "data/text/vocabulary.ts",
    types: ["VocabularyOptions"],
    options: { tokens: "word", splitPunctuation: true, minimumCount: 1, size: undefined },
    others: { tokens: "char", splitPunctuation: false, minimumCount: 2, size: 3 },
    run: (options) => Vocabulary.of("a b, a c.", options).symbols,
  },
  {
    where: "trainPieces",
    file: "data/text/pieces/train-pieces.ts",
    types: ["TrainPiecesOptions"],
    options: { size: 300, minimumCount: 2 },
    others: { size: 257, minimumCount: 5 },
    run: (options) => trainPieces("the whale, the other whale, the ship. ".repeat(2), options).pieces,
  },
  {
    where: "vocabulary",
    file: "data/text/vocabulary.ts",
    types: [],
    options: { tokens: "word", splitPunctuation: true },
    others: { tokens: "char", splitPunctuation: false },
    run: (options) => new Vocabulary(["<unk>", "a", "b"], options).split("a, b"),
  },
  {
    where: "configure",
    file: "engine/current.ts",
    types: ["ConfigureOptions"],
    options: { simd: "baseline", threads: 1, workerUrl: "a.js" },
    others: { simd: "reference", threads: 2, workerUrl: "b.js" },
    run: async (options) => {
      await configure(options);
      const { name, threads } = engineInfo();
      return { name, threads, worker: workerSettings().url };
    },
  },
];
