import { bits, loss } from "./quantities.js";

/** A row of the comparison: what predicts, and its loss in nats per character. */
export interface Prediction {
  readonly name: string;
  readonly loss: number;
}

/** What several predictors make of the same text, the best first. */
export function lossTable(title: string, predictions: readonly Prediction[]): string[] {
  const sorted = predictions.toSorted((a, b) => a.loss - b.loss);
  const rows = [[title, "nats", "bits"], ...sorted.map((row) => [`  ${row.name}`, loss(row.loss), loss(bits(row.loss))])];
  const nameWidth = Math.max(...rows.map(([name]) => name?.length ?? 0));
  return rows.map(
    ([name = "", nats = "", inBits = ""]) => `${name.padEnd(nameWidth)}  ${nats.padStart(6)}  ${inBits.padStart(6)}`,
  );
}
