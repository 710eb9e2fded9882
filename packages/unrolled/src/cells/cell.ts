import type { Commands } from "../engine/threads/threads.js";
import type { Address } from "../memory/memory.js";

/** The states a cell carries from step to step: the hidden state `h`, and for the LSTM the cell state `c`. */
export type StateName = "h" | "c";

/** One step of a cell over `rows` sequences at once: where everything is. [rows, …] unless said. */
export interface Step {
  /** Of the thread that carries the step out. */
  kernels: Commands;
  rows: number;
  readonly units: number;
  /** [rows, G·units]: on the way there W_ih x + b_ih (+ W_hh h' + b_hh) in, on the way back its derivative out. */
  gates: Address;
  /** [rows, G·units]: W_hh h' + b_hh, or its derivative, for cells that keep it apart. */
  recurrent: Address;
  /** [rows, units]: what the cell keeps for the way back. */
  saved: Address;
  hPrevious: Address;
  h: Address;
  cPrevious: Address;
  c: Address;
  /** The derivative by h in, its part that reaches h' directly out. */
  dh: Address;
  /** The derivative by c in, by c' out. */
  dc: Address;
}

/** What tells one cell from another: its formula forward and backward, and its parameters. `scan` does the rest. */
export interface Cell {
  readonly name: "rnn" | "lstm" | "gru";
  /** G, the number of gates. */
  readonly gates: number;
  readonly states: readonly StateName[];
  /** Whether W_hh h' + b_hh stays apart from W_ih x + b_ih, because a gate acts on it before they meet. */
  readonly keepsRecurrentApart: boolean;
  /** Whether `saved` is needed. */
  readonly saves: boolean;
  forward(step: Step): void;
  backward(step: Step): void;
  /** Values of b_ih and b_hh to begin with; 0 where a cell has nothing to say. */
  readonly initialBias?: (units: number) => Float64Array;
}

/** The weights of one layer and direction, with PyTorch's names but for their suffix: [G·H, I], [G·H, H], [G·H], [G·H]. */
export type WeightName = "weight_ih" | "weight_hh" | "bias_ih" | "bias_hh";
