import type { LanguageModel } from "unrolled/tasks";

const CELL_NAMES = { rnn: "simple RNN", lstm: "LSTM", gru: "GRU" } as const;

/** "LSTM, 256 units", "GRU, 2 layers of 128 units". */
export function architecture({ options }: Pick<LanguageModel, "options">): string {
  const layers = options.layers === 1 ? "" : `${options.layers} layers of `;
  return `${CELL_NAMES[options.cell]}, ${layers}${options.units} units`;
}
