import type { Seed } from "../tensor/random.js";
import type { Merge } from "./merge.js";
import { checkKnown, checkRate } from "./options.js";

/** How a recurrent layer is made, whatever its cell. */
export interface RecurrentOptions<S extends string = string> {
  /** H, features of the hidden state. */
  units: number;
  /** I, features of the input. Default: what the layer before gives. */
  inputSize?: number;
  /** How many are stacked, each reading the hidden states of the one before. Default: 1. */
  layers?: number;
  /** Dropout on what one stacked layer hands to the next, in training. Default: 0. */
  dropout?: number;
  /** Reads each sequence in both directions, each layer of the stack, and merges what they give. Default: forward only. */
  bidirectional?: Merge;
  /** Dropout on the input in training, one mask a sequence (Gal & Ghahramani 2016). Default: 0. */
  inputDropout?: number;
  /** Dropout on h' where it enters the recurrent product in training, one mask a sequence (Gal & Ghahramani 2016). Default: 0. */
  recurrentDropout?: number;
  /** Dropout on the recurrent weights themselves in training, one mask a batch (Merity et al. 2018). Default: 0. */
  weightDropout?: number;
  /**
   * Probability that a unit keeps its state of the step before (Krueger et al. 2017), in training; otherwise states are mixed in that
   * proportion. One number for all states, or one for each. Default: 0.
   */
  zoneout?: number | Readonly<Partial<Record<S, number>>>;
  /** Reads each sequence from its end to its beginning, and gives the outputs in that order, as Keras does. Default: false. */
  goBackwards?: boolean;
  /** Begins with the states that the batch before left, until `reset()`. Default: false. */
  stateful?: boolean;
  /** Whether the output is the hidden state of every step instead of the last. Default: false. */
  returnSequences?: boolean;
  /** Whether training changes its weights; may be changed later. Default: true. */
  trainable?: boolean;
  /** For the initial weights, where the layer stands alone. Default: another one each time. */
  seed?: Seed;
}

/** The names of the options that every recurrent layer has. */
export const RECURRENT_OPTIONS = [
  "units",
  "inputSize",
  "layers",
  "dropout",
  "bidirectional",
  "inputDropout",
  "recurrentDropout",
  "weightDropout",
  "zoneout",
  "goBackwards",
  "stateful",
  "returnSequences",
  "trainable",
  "seed",
];

/** @throws {UnrolledError} `UNROLLED_VALUE` for a rate out of range, or for a state that the cell doesn't have. */
export function zoneoutRates(
  cell: string,
  states: readonly string[],
  zoneout: number | Readonly<Partial<Record<string, number>>>,
): Record<string, number> {
  if (typeof zoneout !== "number") checkKnown(`${cell}: zoneout`, zoneout, states);
  const rateOf = (name: string) => checkRate(cell, "zoneout", typeof zoneout === "number" ? zoneout : (zoneout[name] ?? 0));
  return Object.fromEntries(states.map((name) => [name, rateOf(name)]));
}
