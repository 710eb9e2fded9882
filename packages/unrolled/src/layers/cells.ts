import { gruCell } from "../cells/gru.js";
import { lstmCell } from "../cells/lstm.js";
import { rnnCell } from "../cells/rnn.js";
import { checkChoice } from "./options.js";
import { Recurrent, type RecurrentOptions } from "./recurrent.js";

export interface RnnOptions extends RecurrentOptions {
  /** Default: tanh. */
  activation?: "tanh" | "relu";
}

/**
 * A simple recurrent network (Elman 1990): h = activation(W_ih x + b_ih + W_hh h' + b_hh).
 *
 * `x: [batch, time, inputs]` → `[batch, units]`, or `[batch, time, units]` with `returnSequences`.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function rnn(options: RnnOptions): Recurrent {
  const activation = checkChoice("rnn", "activation", options.activation ?? "tanh", ["tanh", "relu"]);
  return new Recurrent(rnnCell(activation), options, ["activation"]);
}

/**
 * Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000). Formula: `cells/lstm.ts`.
 *
 * `x: [batch, time, inputs]` → `[batch, units]`, or `[batch, time, units]` with `returnSequences`. States `h` and `c`.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function lstm(options: RecurrentOptions): Recurrent {
  return new Recurrent(lstmCell, options);
}

/**
 * Gated recurrent unit (Cho et al. 2014), reset after the product. Formula: `cells/gru.ts`.
 *
 * `x: [batch, time, inputs]` → `[batch, units]`, or `[batch, time, units]` with `returnSequences`. State `h`.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function gru(options: RecurrentOptions): Recurrent {
  return new Recurrent(gruCell, options);
}
