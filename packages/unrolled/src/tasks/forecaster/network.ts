import { add } from "../../autograd/ops/add.js";
import { concat } from "../../autograd/ops/concat.js";
import { multiply } from "../../autograd/ops/multiply.js";
import { reshape } from "../../autograd/ops/reshape.js";
import { slice } from "../../autograd/ops/slice.js";
import { transpose } from "../../autograd/ops/transpose.js";
import { gru, lstm, rnn } from "../../layers/cells.js";
import { type Dense, dense } from "../../layers/dense.js";
import { type Dropout, dropout } from "../../layers/dropout.js";
import { type Model, model } from "../../layers/model.js";
import type { Recurrent } from "../../layers/recurrent.js";
import type { Seed } from "../../tensor/random.js";
import { Tensor } from "../../tensor/tensor.js";
import type { ForecasterArchitecture } from "./options.js";
import { layoutOf, type WindowShape } from "./windows.js";

const CELLS = { rnn, lstm, gru };

/** Its layers by their names; `linear` where it has the autoregressive part. */
export type ForecastLayers = {
  /** Reads the context. */
  recurrent: Recurrent;
  /** On its last state. */
  dropout: Dropout;
  /** From there, with what is known in advance, to all steps at once. */
  head: Dense;
} & (
  | object
  | {
      /** From each target's own context to its own future. */
      linear: Dense;
    }
);

/** `[windows, layout.size]` → `[windows, horizon · targets, outputs]`. */
export type ForecastNetwork = Model<ForecastLayers, Tensor, Tensor>;

/**
 * Context → recurrent layers → last state, with what is known in advance → all steps at once. Beside it, where asked for, a linear map from each target's own
 * context to its own future, with the same weights for all targets (the autoregressive part of Lai et al. 2018), which begins at zero. Several steps may be read at once, as
 * in Lin et al. 2023.
 */
export function forecastNetwork(shape: WindowShape, architecture: ForecasterArchitecture, seed: Seed): ForecastNetwork {
  const { context, horizon, patch, outputs } = shape;
  const layout = layoutOf(shape);
  const { targets, features, identity, known } = layout;
  const { cell, units, layers } = architecture;
  const own = {
    recurrent: CELLS[cell]({
      inputSize: patch * features,
      units,
      layers,
      dropout: layers > 1 ? architecture.dropout : 0,
    }) as Recurrent,
    dropout: dropout(architecture.dropout),
    head: dense({ inputSize: units + horizon * known + identity, units: horizon * targets * outputs }),
  };
  const all: ForecastLayers = architecture.linear
    ? { ...own, linear: dense({ inputSize: context, units: horizon * outputs }) }
    : own;
  const network = model(
    all,
    (net, x: Tensor) => {
      const windows = x.shape[0] as number;
      const read = reshape(slice(x, 1, 0, layout.knownAt), [windows, context / patch, patch * features]);
      const state = net.dropout.apply(net.recurrent.apply(read).output);
      const joined = layout.factorAt > layout.knownAt ? concat([state, slice(x, 1, layout.knownAt, layout.factorAt)]) : state;
      let output = net.head.apply(joined);
      if ("linear" in net) {
        const steps = slice(reshape(read, [windows, context, features]), 2, 0, targets);
        const lines = net.linear.apply(transpose(steps, [0, 2, 1]));
        const ahead = transpose(reshape(lines, [windows, targets, horizon, outputs]), [0, 2, 1, 3]);
        output = add(output, reshape(ahead, [windows, horizon * targets * outputs]));
      }
      const each = [windows, 1, targets * outputs];
      const factors = reshape(slice(x, 1, layout.factorAt, layout.shiftAt), each);
      const shifts = reshape(slice(x, 1, layout.shiftAt, layout.size), each);
      const scaled = add(multiply(reshape(output, [windows, horizon, targets * outputs]), factors), shifts);
      return reshape(scaled, [windows, horizon * targets, outputs]);
    },
    { seed },
  );
  if ("linear" in network.layers) {
    const { weight } = network.layers.linear;
    weight.write(Tensor.owning(new Float32Array(weight.size), weight.shape));
  }
  return network;
}
