import type { ColumnChoice } from "../columns/choose-columns.js";
import { isMoment } from "../columns/moment.js";
import { dataError, show } from "../data-error.js";
import { isMissing, numberOf } from "../records/number.js";
import type { Records, Value } from "../records/records.js";
import { placeOf } from "./column-place.js";
import { groupName } from "./group.js";

/** What was measured at one time. */
export interface ForecasterRow {
  /** Text such as "2016-07-01 14:00", or a number; where no column is the time, the number of the record, from 0. */
  time: string | number;
  /** The columns of target and input, null where a value is missing. */
  values: Record<string, number | null>;
  /** Which series it belongs to, where a column says so. */
  group?: string;
}

/**
 * Records as a forecaster's rows, read anew each time, in the file's order.
 *
 * @throws {UnrolledError} `UNROLLED_DATA`, while reading, with file and line for what is no moment, or no number.
 */
export function forecasterRows(records: Records, columns: ColumnChoice): () => AsyncIterable<ForecasterRow> {
  const times = columns.time.map((column) => ({ column, at: placeOf(records, column) }));
  const numbers = [...new Set([...columns.target, ...columns.input])].map((column) => ({ column, at: placeOf(records, column) }));
  const group = columns.group === undefined ? undefined : { column: columns.group, at: placeOf(records, columns.group) };
  return async function* () {
    let count = 0;
    for await (const { values, place } of records.rows()) {
      const cells = times.map(({ column, at }) => ({ column, value: values[at] }));
      const row: ForecasterRow = {
        time: times.length === 0 ? count : timeOf(cells, place),
        values: Object.fromEntries(numbers.map(({ column, at }) => [column, numberOf(values[at], place, column)])),
      };
      yield group === undefined ? row : { ...row, group: groupName(values[group.at], place, group.column, "series") };
      count += 1;
    }
  };
}

interface Cell {
  readonly column: string;
  readonly value: Value | undefined;
}

function timeOf(cells: readonly Cell[], place: string): string | number {
  const [first, second] = cells;
  if (second !== undefined) return momentOf(cells, place);
  const { column, value } = first ?? { column: "", value: undefined };
  if (typeof value === "string" && isMoment(value)) return value.trim().replaceAll("/", "-");
  if (isMissing(value))
    throw dataError(place, `column ${show(column)}: expected a time, received ${show(value)}; every record needs one.`);
  try {
    return numberOf(value, place, column) ?? 0;
  } catch (error) {
    throw dataError(
      place,
      `column ${show(column)}: expected a moment such as 2016-07-01 or 2016-07-01 14:00, or a number, received ${show(value)}.`,
      error,
    );
  }
}

/** Year, month, day, hour and minute, as many as there are, as one moment. */
function momentOf(cells: readonly Cell[], place: string): string {
  const [year = "", month = "01", day = "01", hour = "00", minute = "00"] = cells.map(({ column, value }, k) => {
    const number = numberOf(value, place, column);
    if (number !== null && Number.isInteger(number) && number >= 0) return String(number).padStart(k === 0 ? 4 : 2, "0");
    throw dataError(place, `column ${show(column)}: expected a whole number as a part of the time, received ${show(value)}.`);
  });
  const moment = cells.length <= 3 ? `${year}-${month}-${day}` : `${year}-${month}-${day} ${hour}:${minute}:00`;
  if (isMoment(moment)) return moment;
  throw dataError(
    place,
    `columns ${cells.map(({ column }) => show(column)).join(", ")}: ${moment} is no moment; expected year, month, day, hour, minute.`,
  );
}
