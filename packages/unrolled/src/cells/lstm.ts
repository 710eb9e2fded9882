import type { Cell } from "./cell.js";

/**
 * Long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000).
 *
 *   i = σ(W_ii x + b_ii + W_hi h' + b_hi)         input gate
 *   f = σ(W_if x + b_if + W_hf h' + b_hf)         forget gate
 *   g = tanh(W_ig x + b_ig + W_hg h' + b_hg)      candidate
 *   o = σ(W_io x + b_io + W_ho h' + b_ho)         output gate
 *   c = f⊙c' + i⊙g                                cell state
 *   h = o⊙tanh(c)                                 hidden state
 *
 * The forget gate's b_ih begins at 1, so that memory lasts before it is learned what to forget (Jozefowicz et al. 2015).
 */
export const lstmCell: Cell = {
  name: "lstm",
  gates: 4,
  states: ["h", "c"],
  keepsRecurrentApart: false,
  saves: true, // tanh(c)
  forward({ kernels, rows, cPrevious, c, h }, { units, gates, saved }) {
    kernels.lstmForward(rows, units, gates, cPrevious, c, saved, h);
  },
  backward({ kernels, rows, cPrevious, dh, dc }, { units, gates, saved }) {
    kernels.lstmBackward(rows, units, gates, cPrevious, saved, dh, dc);
  },
  initialBias(units) {
    return new Float64Array(4 * units).fill(1, units, 2 * units);
  },
};
