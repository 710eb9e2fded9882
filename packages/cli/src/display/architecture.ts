import type { CellName } from "unrolled/tasks";

/** What a recurrent network is made of. */
interface Recurrent {
  readonly cell: CellName;
  readonly layers: number;
  readonly units: number;
  /** How both directions are merged, or whether there are two. */
  readonly bidirectional?: string | boolean;
}

const CELL_NAMES = { rnn: "simple RNN", lstm: "LSTM", gru: "GRU" } as const;

/** "LSTM, 256 units", "GRU, 2 layers of 128 units", "LSTM, 32 + 32 units" in both directions. */
export function architecture({ cell, layers, units, bidirectional = false }: Recurrent): string {
  return `${CELL_NAMES[cell]}, ${layersOf(layers)}${bidirectional === false ? units : `${units} + ${units}`} units`;
}

/** "dense network, 2 layers of 64 units". */
export function denseArchitecture({ layers, units }: Pick<Recurrent, "layers" | "units">): string {
  return `dense network, ${layersOf(layers)}${units} units`;
}

function layersOf(layers: number): string {
  return layers === 1 ? "" : `${layers} layers of `;
}
