import { dense, gru, lstm, type Recurrent, rnn, type Sequential, sequential, tensor } from "unrolled";
import type { Problem } from "./problems.js";

const UNITS = 64;

/** The cells that are compared, by name. */
export const cells = {
  "RNN tanh": (options) => rnn(options),
  IRNN: (options) => withIdentity(rnn({ ...options, activation: "relu" })),
  LSTM: (options) => lstm(options),
  GRU: (options) => gru(options),
} satisfies Record<string, (options: { inputSize: number; units: number; returnSequences: boolean; seed: number }) => Recurrent>;

export type CellName = keyof typeof cells;
export const cellNames = Object.keys(cells) as CellName[];

export function networkFor(cell: CellName, { inputSize, outputSize, everyStep }: Problem, seed: number): Sequential {
  const layer = cells[cell]({ inputSize, units: UNITS, returnSequences: everyStep, seed });
  return sequential([layer, dense({ units: outputSize })], { seed });
}

/** Recurrent weights begin as the identity, and input weights small (Le et al. 2015). */
function withIdentity(layer: Recurrent<"h">): Recurrent<"h"> {
  const state = layer.stateDict();
  const inputs = state.get("weight_ih_l0");
  const identity = Float32Array.from({ length: UNITS * UNITS }, (_, index) => (index % (UNITS + 1) === 0 ? 1 : 0));
  state.set("weight_hh_l0", tensor(identity, [UNITS, UNITS]));
  if (inputs)
    state.set(
      "weight_ih_l0",
      tensor(
        Float32Array.from(inputs.data, (value) => value * 0.01),
        inputs.shape,
      ),
    );
  layer.loadStateDict(state);
  return layer;
}
