import type { Scope } from "../autograd/scope.js";
import type { Commands } from "../engine/threads/threads.js";
import type { Address } from "../memory/memory.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Part } from "./parts.js";
import type { Tensors } from "./recurrent-cell.js";
import type { SequencePlan } from "./sequence-plan.js";

/** The states a cell carries from step to step: the hidden state `h`, and for the LSTM the cell state `c`. */
export type StateName = "h" | "c";

/** Some rows, and who works on them. */
export interface RowRange {
  /** Of the thread that does it. */
  kernels: Commands;
  rows: number;
  /** The place of the first row among those of all steps. */
  first: number;
  /** Its place among the rows that are kept: of all steps where there is a way back, else of the steps at hand. */
  kept: number;
  /** The place of the first sequence in the batch, for memory that no step keeps. */
  sequence: number;
}

/** Some steps of a part of the sequences, in the order of time, and who works on them. */
export interface StepBlock {
  /** Of the thread that does it. */
  kernels: Commands;
  part: Part;
  /** The first step. */
  from: number;
  /** The one after the last. */
  to: number;
  /** The place of the row that is kept first, among those of all steps. */
  base: number;
}

/** One step of a cell over some sequences at once: where everything is. [rows, features of the state] each. */
export interface Step extends RowRange {
  hPrevious: Address;
  /** h' as the recurrent product reads it: `hPrevious`, or what dropout made of it. */
  read: Address;
  h: Address;
  cPrevious: Address;
  c: Address;
  /** The derivative by h in, its part that reaches h' directly out. */
  dh: Address;
  /** The derivative by c in, by c' out. */
  dc: Address;
  /** What the derivative by `read` is added to: `dh`, or zeros. */
  dRead: Address;
}

/** A cell at work on a batch: the memory that it takes, and what it does at a step. */
export interface CellRun {
  /** About how many nanoseconds the products of all steps take. */
  readonly work: number;
  /** Before some steps: what can be computed for all of them at once. */
  prepare(block: StepBlock): void;
  /** Writes the states after a step. */
  forward(step: Step): void;
  /** Before the way back. */
  beginBackward(): void;
  backward(step: Step): void;
  /** When the way back is done: adds the gradients of the weights and of x, `all` being a step that has the rows of all steps. */
  addGradients(all: Step): void;
}

/** Begins a run. `x: [rows, inputs]`; `kept`: how many rows are kept at a time. */
export type StartRun = (scope: Scope, x: Tensor, plan: SequencePlan, weights: Tensors, kept: number) => CellRun;

/** What the gates of a plain cell keep of some rows. */
export interface GateMemory {
  readonly units: number;
  /** [rows, G·units]: on the way there W_ih x + b_ih (+ W_hh h' + b_hh) in, on the way back its derivative out. */
  gates: Address;
  /** [rows, G·units]: W_hh h' + b_hh, or its derivative, for cells that keep it apart. */
  recurrent: Address;
  /** [rows, units]: what the cell keeps for the way back. */
  saved: Address;
}

/**
 * What tells one plain cell from another: its formula forward and backward, and its parameters. `gateRun` and `scan` do
 * the rest.
 */
export interface Cell {
  readonly name: "rnn" | "lstm" | "gru";
  /** G, the number of gates. */
  readonly gates: number;
  readonly states: readonly StateName[];
  /** Whether W_hh h' + b_hh stays apart from W_ih x + b_ih, because a gate acts on it before they meet. */
  readonly keepsRecurrentApart: boolean;
  /** Whether `saved` is needed. */
  readonly saves: boolean;
  forward(step: Step, memory: GateMemory): void;
  backward(step: Step, memory: GateMemory): void;
  /** Values of b_ih and b_hh to begin with; 0 where a cell has nothing to say. */
  readonly initialBias?: (units: number) => Float64Array;
}
