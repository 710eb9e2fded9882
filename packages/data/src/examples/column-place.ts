import { dataError, show } from "../data-error.js";
import type { Records } from "../records/records.js";

/** Where a chosen column stands in the values of a row. */
export function placeOf(records: Records, column: string): number {
  const place = records.columns.indexOf(column);
  if (place >= 0) return place;
  throw dataError(
    records.paths.join(", "),
    `has no column ${show(column)}, which the choice of columns names; its columns are ${records.columns.map(show).join(", ")}.`,
  );
}

/** Where the only column of a role stands. */
export function onlyPlaceOf(records: Records, role: string, columns: readonly string[]): { place: number; column: string } {
  const [column, ...others] = columns;
  if (column !== undefined && others.length === 0) return { place: placeOf(records, column), column };
  throw dataError(
    records.paths.join(", "),
    `expected one column for the ${role}, received ${columns.map(show).join(", ") || "none"}.`,
  );
}
