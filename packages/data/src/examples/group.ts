import type { ColumnChoice } from "../columns/choose-columns.js";
import { dataError, show } from "../data-error.js";
import type { Records, Value } from "../records/records.js";

/** What an example belongs together with. */
export interface Grouped {
  /** The group, where a column says so: examples of one should not be on both sides of a split (`splitByGroup`). */
  group?: string;
}

/** Makes the function that takes a record's group; nothing of files that haven't that column, since only a split asks for it. */
export function groupsOf(
  records: Records,
  { group: column }: ColumnChoice,
): (values: readonly Value[], place: string) => Grouped {
  const at = column === undefined ? -1 : records.columns.indexOf(column);
  if (column === undefined || at < 0) return () => ({});
  return (values, place) => ({ group: groupName(values[at], place, column, "group") });
}

/** @param what the group is */
export function groupName(value: Value | undefined, place: string, column: string, what: string): string {
  if (typeof value === "string" && value.trim() !== "") return value.trim();
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw dataError(
    place,
    `column ${show(column)}: expected the name of a ${what}, received ${show(value)}; every record needs one.`,
  );
}
