import { dataError, show } from "../data-error.js";
import type { Records, Row } from "./records.js";

/**
 * Several files as one, one after the other. All have the columns of the first.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` where one has others.
 */
export function joinRecords(first: Records, ...others: readonly Records[]): Records {
  if (others.length === 0) return first;
  for (const other of others) {
    if (other.columns.length === first.columns.length && other.columns.every((name, k) => name === first.columns[k])) continue;
    throw dataError(
      other.paths.join(", "),
      `has the columns ${other.columns.map(show).join(", ")}, expected those of ${first.paths[0]}: ${first.columns.map(show).join(", ")}.`,
    );
  }
  const all = [first, ...others];
  async function* rows(): AsyncGenerator<Row> {
    for (const records of all) yield* records.rows();
  }
  return {
    format: first.format,
    paths: all.flatMap(({ paths }) => paths),
    columns: first.columns,
    notes: all.flatMap(({ notes }) => notes),
    rows,
  };
}
