import { attentionPooling } from "../../layers/attention-pooling.js";
import { lstm } from "../../layers/cells.js";
import { dense } from "../../layers/dense.js";
import { model } from "../../layers/model.js";
import { meanOverTime } from "../../layers/pooling.js";
import { residual } from "../../layers/residual.js";
import { sequential } from "../../layers/sequential.js";
import { randomTensor } from "../../layers/testing/random-tensor.js";
import type { OptionCase } from "./option-case.js";

const x = randomTensor([2, 4, 3], 1);
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
    options: all,
    others: fewer,
    run: (options) => model({ pool: meanOverTime() }, ({ pool }, _x, call) => pool.apply(x, call)).apply(undefined, options),
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
