/** How a table of separated values is written. */
export interface CsvDialect {
  /** One character between cells. */
  readonly delimiter: string;
  /** Around cells that hold a delimiter, a line end or a quote, which is doubled inside; false where quotes are characters like others. */
  readonly quote: '"' | "'" | false;
}

const DELIMITERS = [",", ";", "\t", "|"];

/** The delimiter that a header has most of, outside quotes; a comma where it has none. */
export function guessDelimiter(header: string): string {
  const bare = header.replaceAll(/"[^"]*"/g, "");
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ",";
}
