import type { Cell } from "./cell.js";

/**
 * Simple recurrent network (Elman 1990).
 *
 *   h = activation(W_ih x + b_ih + W_hh h' + b_hh)      activation: tanh or relu
 */
export function rnnCell(activation: "tanh" | "relu"): Cell {
  return {
    name: "rnn",
    gates: 1,
    states: ["h"],
    keepsRecurrentApart: false,
    saves: false,
    forward({ kernels, rows, h }, { units, gates }) {
      kernels[activation](rows * units, gates, h);
    },
    backward({ kernels, rows, h, dh }, { units, gates }) {
      if (activation === "tanh") kernels.rnnTanhBackward(rows * units, h, dh, gates);
      else kernels.rnnReluBackward(rows * units, h, dh, gates);
    },
  };
}
