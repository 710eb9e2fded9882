import type { LanguageModel } from "unrolled/tasks";

const CELL_NAMES = { rnn: "simple RNN", lstm: "LSTM", gru: "GRU" } as const;

/** "LSTM, 256 units", "GRU, 2 layers of 128 units". */
export function architecture({ trainedWith }: LanguageModel): string {
  const { cell, layers, units } = trainedWith;
  return `${CELL_NAMES[cell]}, ${layers === 1 ? "" : `${layers} layers of `}${units} units`;
}
