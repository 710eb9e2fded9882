import { valueAndGradients } from "../../autograd/gradients.js";
import { sum } from "../../autograd/ops/sum.js";
import { crfDecode } from "../../decoding/index.js";
import { attentionPooling } from "../../layers/attention-pooling.js";
import { lstm } from "../../layers/cells.js";
import { conv2d } from "../../layers/conv2d.js";
import { crf } from "../../layers/crf.js";
import { dense } from "../../layers/dense.js";
import { imageColumns } from "../../layers/image-reading.js";
import { model } from "../../layers/model.js";
import { meanOverTime } from "../../layers/pooling.js";
import { residual } from "../../layers/residual.js";
import { sequential } from "../../layers/sequential.js";
import { randomTensor } from "../../layers/testing/random-tensor.js";
import { wordCharacters } from "../../layers/word-characters.js";
import type { OptionCase } from "./option-case.js";

const x = randomTensor([2, 4, 3], 1);
/** Each a word, and two characters of it. */
const words = [0, 1].map((sequence) => [0, 1, 2, 1].map((word, t) => [word, 1 + ((sequence + t) % 4), t % 2]));
const images = randomTensor([2, 2, 4, 3], 2);
const all = { lengths: [4, 4] };
const fewer = { lengths: [4, 2] };

/** What layers and networks are told when they are applied, and models when they are made. */
export const layerCases: readonly OptionCase[] = [
  {
    where: "model",
    file: "layers/model.ts",
    types: ["ModelOptions"],
    options: { seed: 1 },
    others: { seed: 2 },
    run: (options) => model({ head: dense({ inputSize: 3, units: 2 }) }, ({ head }) => head.apply(x), options).apply(undefined),
  },
  {
    where: "model.apply",
    file: "layers/model.ts",
    types: [],
    options: { ...all, source: { x: images } },
    others: { ...fewer, source: { x } },
    run: (options) =>
      model({ pool: meanOverTime() }, ({ pool }, _x, { lengths = [], source }) => [pool.apply(x, { lengths }), source]).apply(
        undefined,
        options,
      ),
  },
  {
    where: "network.apply",
    file: "layers/sequential.ts",
    types: [],
    options: all,
    others: fewer,
    run: (options) => sequential([lstm({ inputSize: 3, units: 2 })], { seed: 1 }).apply(x, options),
  },
  {
    where: "lstm.apply",
    file: "layers/recurrent.ts",
    types: [],
    options: { ...all, initialState: undefined },
    others: { ...fewer, initialState: { h: randomTensor([1, 2, 5], 2) } },
    run: (options) => lstm({ inputSize: 3, units: 5, seed: 1 }).apply(x, options),
  },
  {
    where: "lstm: initialState",
    file: "layers/recurrent.ts",
    types: [],
    options: { h: randomTensor([1, 2, 5], 2), c: randomTensor([1, 2, 5], 3) },
    others: { h: randomTensor([1, 2, 5], 4), c: randomTensor([1, 2, 5], 5) },
    run: (initialState) => lstm({ inputSize: 3, units: 5, seed: 1 }).apply(x, { initialState }),
  },
  {
    where: "lstm: initialState",
    file: "layers/recurrent.ts",
    types: [],
    options: { h: randomTensor([1, 2, 5], 2), c: randomTensor([1, 2, 5], 3) },
    others: { h: randomTensor([1, 2, 5], 4), c: randomTensor([1, 2, 5], 5) },
    run: (state) => sequential([lstm({ inputSize: 3, units: 5 })], { seed: 1 }).applyWithState(x, [state]),
  },
  {
    where: "attentionPooling.apply",
    file: "layers/attention-pooling.ts",
    types: [],
    options: all,
    others: fewer,
    run: (options) => attentionPooling({ inputSize: 3, units: 2, seed: 1 }).apply(x, options),
  },
  {
    where: "conv2d.apply",
    file: "layers/image-layer.ts",
    types: [],
    options: all,
    others: fewer,
    run: (options) => conv2d({ filters: 2, kernelSize: 2, inputShape: [2, null, 3], seed: 1 }).apply(images, options),
  },
  {
    where: "imageColumns.apply",
    file: "layers/image-reading.ts",
    types: [],
    options: all,
    others: fewer,
    run: (options) => imageColumns().apply(images, options),
  },
  {
    where: "crf",
    file: "layers/crf.ts",
    types: ["CrfOptions"],
    options: { inputSize: 3, trainable: true },
    others: { inputSize: 4, trainable: false },
    run: (options) => {
      const field = crf(options);
      return [field.probabilities(x), field.parameters.map(({ trainable }) => trainable)];
    },
  },
  {
    where: "crf.probabilities",
    file: "layers/crf.ts",
    types: [],
    options: all,
    others: fewer,
    run: (options) => crf({ inputSize: 3 }).probabilities(x, options),
  },
  {
    where: "crfDecode",
    file: "decoding/crf/decode.ts",
    types: ["CrfDecodeOptions"],
    options: all,
    others: fewer,
    run: (options) => crfDecode(crf({ inputSize: 3 }), x, options),
  },
  {
    where: "wordCharacters",
    file: "layers/word-characters.ts",
    types: ["WordCharactersOptions"],
    options: {
      ...{ words: 3, wordUnits: 2, characters: 4, characterUnits: 3, characterEmbeddingUnits: 3, cell: "lstm" },
      ...{ dropout: 0, wordDropout: 0, vectors: undefined, trainableWords: true, trainable: true, seed: 1 },
    },
    others: {
      ...{ words: 4, wordUnits: 3, characters: 5, characterUnits: 2, characterEmbeddingUnits: 2, cell: "gru" },
      ...{ dropout: 0.6, wordDropout: 0.6, vectors: new Map([[1, [1, 2]]]), trainableWords: false, trainable: false, seed: 2 },
    },
    run: (options) => {
      const layer = wordCharacters(options);
      const outputs: number[][] = [];
      const { gradients } = valueAndGradients(layer.parameters, () => {
        const output = layer.apply(words);
        outputs.push([...output.data]);
        return sum(output);
      });
      return [outputs, gradients, layer.stateDict(), layer.parameters.map(({ trainable }) => trainable)];
    },
  },
  {
    where: "wordCharacters.apply",
    file: "layers/word-characters.ts",
    types: [],
    options: all,
    others: fewer,
    run: (options) => wordCharacters({ words: 3, wordUnits: 2, characters: 4, characterUnits: 3, seed: 1 }).apply(words, options),
  },
  {
    where: "meanOverTime.apply",
    file: "layers/elementwise-layer.ts",
    types: [],
    options: all,
    others: fewer,
    run: (options) => meanOverTime().apply(x, options),
  },
  {
    where: "residual.apply",
    file: "layers/residual.ts",
    types: [],
    options: all,
    others: fewer,
    run: (options) => residual(lstm({ inputSize: 3, units: 3, returnSequences: true, seed: 1 })).apply(x, options),
  },
];
