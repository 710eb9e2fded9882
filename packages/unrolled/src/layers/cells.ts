import { fusedCell } from "../cells/fused-cell.js";
import { gruCell } from "../cells/gru.js";
import { type GruVariant, gruVariantCell } from "../cells/gru-variants.js";
import { lstmCell } from "../cells/lstm.js";
import { type LstmVariant, lstmVariantCell } from "../cells/lstm-variants.js";
import { type CellDefinition, ownCell } from "../cells/own-cell.js";
import { rnnCell } from "../cells/rnn.js";
import { UnrolledError } from "../errors.js";
import { checkChoice, checkCount, checkGiven } from "./options.js";
import { Recurrent } from "./recurrent.js";
import type { RecurrentOptions } from "./recurrent-options.js";

/** How a simple recurrent layer is made. */
export interface RnnOptions extends RecurrentOptions<"h"> {
  /** Default: tanh. */
  activation?: "tanh" | "relu";
}

/** How a layer of long short-term memory is made. */
export interface LstmOptions extends RecurrentOptions<"h" | "c">, LstmVariant {}

/** How a layer of gated recurrent units is made. */
export interface GruOptions extends RecurrentOptions<"h">, GruVariant {}

const LSTM_VARIANTS = ["layerNormalization", "peepholes", "projectionSize", "coupledGates", "cellClip"] as const;
const GRU_VARIANTS = ["resetAfter", "layerNormalization"] as const;

/**
 * A simple recurrent network (Elman 1990): h = activation(W_ih x + b_ih + W_hh h' + b_hh).
 *
 * `x: [batch, time, inputs]` → `[batch, units]`, or `[batch, time, units]` with `returnSequences`.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function rnn(options: RnnOptions): Recurrent<"h"> {
  checkGiven("rnn", options);
  const activation = checkChoice("rnn", "activation", options.activation ?? "tanh", ["tanh", "relu"]);
  return new Recurrent(fusedCell(rnnCell(activation)), options, ["activation"]);
}

/**
 * Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000).
 *
 * ```text
 * i = σ(W_ii x + b_ii + W_hi h' + b_hi)        input gate
 * f = σ(W_if x + b_if + W_hf h' + b_hf)        forget gate
 * g = tanh(W_ig x + b_ig + W_hg h' + b_hg)     candidate
 * o = σ(W_io x + b_io + W_ho h' + b_ho)        output gate
 * c = f⊙c' + i⊙g    h = o⊙tanh(c)              cell state, hidden state
 * ```
 *
 * `x: [batch, time, inputs]` → `[batch, units]`, or `[batch, time, units]` with `returnSequences`. States `h` and `c`.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function lstm(options: LstmOptions): Recurrent<"h" | "c"> {
  checkGiven("lstm", options);
  const { projectionSize, cellClip, units } = options;
  if (projectionSize !== undefined && checkCount("lstm", "projectionSize", projectionSize) >= units) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `lstm: \`projectionSize\` must be below units (${units}), received ${projectionSize}.`,
    );
  }
  if (cellClip !== undefined && !(cellClip > 0 && Number.isFinite(cellClip))) {
    throw new UnrolledError("UNROLLED_VALUE", `lstm: \`cellClip\` must be a finite number above 0, received ${cellClip}.`);
  }
  const varies = LSTM_VARIANTS.some((name) => options[name] !== undefined && options[name] !== false);
  return new Recurrent(varies ? lstmVariantCell(options) : fusedCell(lstmCell), options, LSTM_VARIANTS);
}

/**
 * Gated recurrent unit (Cho et al. 2014).
 *
 * ```text
 * r = σ(W_ir x + b_ir + W_hr h' + b_hr)           reset gate
 * z = σ(W_iz x + b_iz + W_hz h' + b_hz)           update gate
 * n = tanh(W_in x + b_in + r⊙(W_hn h' + b_hn))    candidate, reset after the product
 * h = (1−z)⊙n + z⊙h'                              hidden state
 * ```
 *
 * `x: [batch, time, inputs]` → `[batch, units]`, or `[batch, time, units]` with `returnSequences`. State `h`.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function gru(options: GruOptions): Recurrent<"h"> {
  checkGiven("gru", options);
  const varies = options.resetAfter === false || options.layerNormalization === true;
  return new Recurrent(varies ? gruVariantCell(options) : fusedCell(gruCell), options, GRU_VARIANTS);
}

/**
 * A recurrent layer of a cell of one's own (`defineCell`). Its parameters are named as the cell names them, with PyTorch's suffixes (`W_l0`,
 * `W_l0_reverse`, …). `recurrentDropout`, `weightDropout` and `zoneout` act inside the built-in cells and are refused here.
 *
 * `x: [batch, time, inputs]` → `[batch, outputs]`, or `[batch, time, outputs]` with `returnSequences`. States as the cell names them.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range, `UNROLLED_SHAPE` where a step gives something else
 * than the cell says.
 */
export function recurrent<P extends string, S extends string>(
  cell: CellDefinition<P, S>,
  options: RecurrentOptions<S>,
): Recurrent<S> {
  return new Recurrent<S>(ownCell(cell), options);
}
