/** A heading, and rows of cells under a row of titles; the first column names its row, the others are figures. */
export interface Table {
  readonly heading: string;
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** For a Markdown document. */
export function markdownTable({ heading, titles, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const alignment = titles.map((_, column) => (column === 0 ? "---" : "---:"));
  return [`### ${heading}`, "", line(titles), line(alignment), ...rows.map(line)].join("\n");
}

/** What stands where there is no figure. */
export const NONE = "-";

/** "8.5 µs", "4.32 ms", "58.1 ms", "1011 ms". */
export function formatMilliseconds(ms: number): string {
  if (ms < 0.1) return `${(ms * 1000).toPrecision(2)} µs`;
  if (ms < 10) return `${ms.toFixed(2)} ms`;
  return `${ms.toFixed(ms < 100 ? 1 : 0)} ms`;
}

/** "0.85", "12.3", "140". */
export function formatRatio(ratio: number): string {
  if (ratio < 10) return ratio.toFixed(2);
  return ratio.toFixed(ratio < 100 ? 1 : 0);
}
