import type { TokenUnit } from "unrolled/tasks";
import { bits, loss, nameOf, perplexity } from "./quantities.js";

/** A row of the comparison: what predicts, and its loss in nats per token. */
export interface Prediction {
  readonly name: string;
  readonly loss: number;
}

/**
 * What several predictors make of the same text, the best first: in nats, and bits for a character, perplexity for a word, or for a piece bits per
 * character.
 *
 * @param charactersPerToken how many characters a piece has, where pieces tell them all
 */
export function lossTable(
  part: string,
  tokens: TokenUnit,
  predictions: readonly Prediction[],
  charactersPerToken?: number,
): string[] {
  const title = `${part} loss per ${nameOf(tokens)}`;
  const [column, value] = secondColumn(tokens, charactersPerToken);
  const sorted = predictions.toSorted((a, b) => a.loss - b.loss);
  const rows = [[title, "nats", column], ...sorted.map((row) => [`  ${row.name}`, loss(row.loss), value(row.loss)])];
  const nameWidth = Math.max(...rows.map(([name]) => name?.length ?? 0));
  return rows.map(
    ([name = "", nats = "", other = ""]) =>
      `${name.padEnd(nameWidth)}  ${nats.padStart(6)}  ${other.padStart(Math.max(6, column.length))}`,
  );
}

function secondColumn(tokens: TokenUnit, charactersPerToken: number | undefined): readonly [string, (nats: number) => string] {
  if (tokens === "char") return ["bits", (nats) => loss(bits(nats))];
  if (charactersPerToken === undefined) return ["perplexity", perplexity];
  return ["bits per character", (nats) => loss(bits(nats) / charactersPerToken)];
}
