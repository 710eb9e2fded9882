import type { Tensor } from "../../tensor/tensor.js";
import { gru, lstm, rnn } from "../cells.js";
import type { Recurrent } from "../recurrent.js";
import type { RecurrentOptions } from "../recurrent-options.js";
import { randomTensor } from "./random-tensor.js";
import type { Reading } from "./transcription.js";

interface TestCell {
  readonly kind: string;
  /** What tells it from the others in a transcription. */
  readonly reading: Pick<Reading, "cell" | "activation" | "resetAfter">;
  readonly make: (options: RecurrentOptions) => Recurrent;
}

/** The plain cells, each with a pointwise pass of its own. */
export const fusedCells: readonly TestCell[] = [
  { kind: "rnn with tanh", reading: { cell: "rnn" }, make: rnn },
  {
    kind: "rnn with relu",
    reading: { cell: "rnn", activation: "relu" },
    make: (options) => rnn({ ...options, activation: "relu" }),
  },
  { kind: "lstm", reading: { cell: "lstm" }, make: lstm },
  { kind: "gru", reading: { cell: "gru" }, make: gru },
];

/** Those, and a variant. */
export const recurrentCells: readonly TestCell[] = [
  ...fusedCells,
  {
    kind: "gru with the reset before the product",
    reading: { cell: "gru", resetAfter: false },
    make: (options) => gru({ ...options, resetAfter: false }),
  },
];

/** The layer with random weights, biases too, so that no two gates are alike. */
export function withRandomWeights<L extends Recurrent>(layer: L, seed = 100): L {
  const named = Array.from(layer.stateDict(), ([name, { shape }], index): [string, Tensor] => {
    const values = randomTensor(shape, seed + index);
    for (const [entry, value] of values.data.entries()) values.data[entry] = value / 2;
    return [name, values];
  });
  layer.loadStateDict(new Map(named));
  return layer;
}
