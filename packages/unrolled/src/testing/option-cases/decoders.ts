import { valueAndGradients } from "../../autograd/gradients.js";
import { sum } from "../../autograd/ops/sum.js";
import { beamSearch } from "../../decoding/beam/beam-search.js";
import { type AttentionOptions, attention } from "../../layers/attention.js";
import { type AttentionDecoderOptions, attentionDecoder } from "../../layers/attention-decoder.js";
import { gru } from "../../layers/cells.js";
import { dense } from "../../layers/dense.js";
import { encoderDecoder } from "../../layers/encoder-decoder.js";
import { sequential } from "../../layers/sequential.js";
import { randomTensor } from "../../layers/testing/random-tensor.js";
import { bleu } from "../../tasks/scores/bleu.js";
import { tensor } from "../../tensor/create.js";
import { evaluateLoss } from "../../training/evaluate-loss.js";
import { crossEntropy } from "../../training/losses/cross-entropy.js";
import type { OptionCase } from "./option-case.js";

const x = randomTensor([2, 4, 3], 1);
const memory = randomTensor([2, 5, 3], 2);
const read = { x: memory, lengths: [5, 5] };
const readOtherwise = { x: randomTensor([2, 5, 3], 3), lengths: [5, 2] };
const states = { h: randomTensor([1, 2, 4], 4), c: randomTensor([1, 2, 4], 5), fed: randomTensor([1, 2, 4], 6) };
const otherStates = { h: randomTensor([1, 2, 4], 7), c: randomTensor([1, 2, 4], 8), fed: randomTensor([1, 2, 4], 9) };
const decoder = () => attentionDecoder({ units: 4, inputSize: 3, memorySize: 3, seed: 1 });
const network = (options: { seed?: number } = { seed: 1 }) =>
  encoderDecoder(
    sequential([gru({ inputSize: 3, units: 3, returnSequences: true })], { seed: 1 }),
    sequential([decoder(), dense({ units: 3 })], { seed: 1 }),
    options,
  );

/** Logits of what follows each of four tokens, of which 0 begins and ends an answer: the likeliest first one, 1, leads nowhere. */
const NEXT = [
  [0, 1, 0.9, 0],
  [0, 0, 0, 0],
  [0, 0, 0, 3],
  [1, 0, 3, 0],
].flat();
const languageSteps = {
  next: (tokens: Int32Array) => Float32Array.from([...tokens].flatMap((token) => NEXT.slice(4 * token, 4 * token + 4))),
};

/** Attention, decoders that attend, networks of them, and how answers are searched for and compared. */
export const decoderCases: readonly OptionCase[] = [
  {
    where: "attention",
    file: "layers/attention.ts",
    types: ["AttentionOptions"],
    options: { inputSize: 3, memorySize: 3, attention: "concat", attentionUnits: 5, trainable: true, seed: 1 },
    others: { inputSize: 4, memorySize: 4, attention: "general", attentionUnits: 4, trainable: false, seed: 2 },
    run: (options: AttentionOptions) => {
      const layer = attention(options);
      const queries = randomTensor([2, 4, layer.inputSize], 1);
      const read = layer.apply(queries, { memory: randomTensor([2, 5, layer.memorySize], 2) });
      return [read, layer.parameters.map(({ trainable }) => trainable)];
    },
  },
  {
    where: "attention.apply",
    file: "layers/attention.ts",
    types: [],
    options: { memory, memoryLengths: [5, 5], lengths: [4, 4] },
    others: { memory: readOtherwise.x, memoryLengths: [5, 2], lengths: [4, 2] },
    run: (call) => attention({ inputSize: 3, memorySize: 3, seed: 1 }).apply(x, call),
  },
  {
    where: "attentionDecoder",
    file: "layers/attention-decoder.ts",
    types: ["AttentionDecoderOptions"],
    options: {
      ...{ units: 4, memorySize: 3, inputSize: 3, cell: "lstm", layers: 2, attention: "concat", attentionUnits: 5 },
      ...{ inputFeeding: undefined, dropout: 0, recurrentDropout: 0, trainable: true, seed: 1 },
    },
    others: {
      ...{ units: 5, memorySize: 4, inputSize: 4, cell: "gru", layers: 1, attention: "bahdanau", attentionUnits: 4 },
      ...{ inputFeeding: false, dropout: 0.5, recurrentDropout: 0.5, trainable: false, seed: 2 },
    },
    run: (options: AttentionDecoderOptions) => {
      const layer = attentionDecoder(options);
      const outputs: number[][] = [];
      const { gradients } = valueAndGradients(layer.parameters, () => {
        const { output } = layer.apply(randomTensor([2, 4, layer.inputSize], 1), {
          memory: randomTensor([2, 5, layer.memorySize], 2),
        });
        outputs.push([...output.data]);
        return sum(output);
      });
      return [outputs, gradients, layer.stateDict(), layer.parameters.map(({ trainable }) => trainable)];
    },
  },
  {
    where: "attentionDecoder.apply",
    file: "layers/attention-decoder.ts",
    types: [],
    options: { memory, memoryLengths: [5, 5], lengths: [4, 4], initialState: undefined },
    others: { memory: readOtherwise.x, memoryLengths: [5, 2], lengths: [4, 2], initialState: states },
    run: (call) => decoder().apply(x, call),
  },
  {
    where: "attentionDecoder: initialState",
    file: "layers/attention-decoder.ts",
    types: [],
    options: states,
    others: otherStates,
    run: (initialState) => decoder().apply(x, { memory, initialState }),
  },
  {
    where: "encoderDecoder",
    file: "layers/encoder-decoder.ts",
    types: ["EncoderDecoderOptions"],
    options: { seed: 1 },
    others: { seed: 2 },
    run: (options) => network(options).apply(x, { source: read }),
  },
  {
    where: "encoderDecoder.apply",
    file: "layers/encoder-decoder.ts",
    types: [],
    options: { source: read, lengths: [4, 4] },
    others: { source: readOtherwise, lengths: [4, 2] },
    run: (call) => network().apply(x, call),
  },
  {
    where: "batch: source",
    file: "training/batch.ts",
    types: [],
    options: read,
    others: readOtherwise,
    run: (source) =>
      evaluateLoss(network(), [{ x, y: tensor(Int32Array.of(0, 1, 2, 0, 1, 2, 0, 1), [2, 4]), source }], crossEntropy()),
  },
  {
    where: "beam search",
    file: "decoding/beam/beam-search.ts",
    types: ["BeamSearchOptions"],
    options: {
      ...{ start: 0, end: 0, maxLength: 6, beam: 2, lengthNormalization: 0.6, nBest: 1, noRepeatNgram: 0, banned: [] },
    },
    others: {
      ...{ start: 3, end: 2, maxLength: 3, beam: 1, lengthNormalization: 1, nBest: 2, noRepeatNgram: 2, banned: [3] },
    },
    run: (options) => beamSearch(languageSteps, 1, options),
  },
  {
    where: "bleu",
    file: "tasks/scores/bleu.ts",
    types: ["BleuOptions"],
    options: { tokenize: "13a" },
    others: { tokenize: "none" },
    run: (options) => bleu(["the whale swims, and the ship sinks."], ["the whale swims , and the ship sinks ."], options),
  },
];
