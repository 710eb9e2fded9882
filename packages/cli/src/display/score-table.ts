import { onOneLine } from "./visible-text.js";

/** A row of a comparison: what answers, and how well by each measure; what isn't measured is left out. */
export interface ScoreRow {
  readonly name: string;
  readonly scores: Readonly<Record<string, number | undefined>>;
}

const LONGEST_NAME = 40;

/**
 * Several answers' scores beside each other, in the order given. Numbers keep the digits that tell two models apart.
 *
 * @param formats how a measure is written, where it is no score
 */
export function scoreTable(
  title: string,
  measures: readonly string[],
  rows: readonly ScoreRow[],
  formats: Readonly<Record<string, (value: number) => string>> = {},
): string[] {
  const table = [
    [title, ...measures],
    ...rows.map(({ name, scores }) => [
      `  ${onOneLine(name, LONGEST_NAME)}`,
      ...measures.map((measure) => (scores[measure] === undefined ? "" : (formats[measure] ?? score)(scores[measure]))),
    ]),
  ];
  const widths = [title, ...measures].map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(Math.max(6, widths[column] ?? 0))))
      .join("  ")
      .trimEnd(),
  );
}

/** Three digits behind the point of what is below a thousand, none beyond. */
export function score(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) < 1000) return value.toFixed(3);
  return Math.round(value).toLocaleString("en-US");
}
