import { gru, lstm, rnn } from "../layers/cells.js";

/** The cell of a task's recurrent layers: simple recurrent, long short-term memory, or gated recurrent unit. */
export type CellName = "rnn" | "lstm" | "gru";

export const CELLS: readonly CellName[] = ["rnn", "lstm", "gru"];

/** What makes a recurrent layer of each. */
export const layerOf = { rnn, lstm, gru };
