import type { Cell } from "./cell.js";

/**
 * Gated recurrent unit (Cho et al. 2014), with the reset gate after the product as in cuDNN, PyTorch and Keras.
 *
 *   r = σ(W_ir x + b_ir + W_hr h' + b_hr)               reset gate
 *   z = σ(W_iz x + b_iz + W_hz h' + b_hz)               update gate
 *   n = tanh(W_in x + b_in + r⊙(W_hn h' + b_hn))        candidate
 *   h = (1−z)⊙n + z⊙h'                                  hidden state
 */
export const gruCell: Cell = {
  name: "gru",
  gates: 3,
  states: ["h"],
  keepsRecurrentApart: true,
  saves: true, // W_hn h' + b_hn
  forward({ kernels, rows, hPrevious, h }, { units, gates, recurrent, saved }) {
    kernels.gruForward(rows, units, gates, recurrent, hPrevious, saved, h);
  },
  backward({ kernels, rows, hPrevious, dh }, { units, gates, recurrent, saved }) {
    kernels.gruBackward(rows, units, gates, recurrent, hPrevious, saved, dh);
  },
};
