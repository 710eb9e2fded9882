import { type ColumnChoice, forecasterRows, type Records } from "@unrolled/data";
import { type ForecastRow, timePlace } from "unrolled/tasks";

/** Rows as a forecaster reads them; they are all held. Where no column is the time, they are counted on from `first`. */
export async function readRows(records: Records, columns: ColumnChoice, first = 0): Promise<ForecastRow[]> {
  const rows: ForecastRow[] = [];
  for await (const row of forecasterRows(records, columns)()) {
    rows.push(columns.time.length === 0 ? { ...row, time: Number(row.time) + first } : row);
  }
  return rows;
}

/** The first time of some rows, which may stand in any order; of none there is none. */
export function firstTime(rows: readonly ForecastRow[]): ForecastRow["time"] | undefined {
  let first: ForecastRow["time"] | undefined;
  for (const { time } of rows) if (first === undefined || timePlace(time) < timePlace(first)) first = time;
  return first;
}

/** How many times the longest series has. */
export function longestSeries(rows: readonly ForecastRow[]): number {
  const times = new Map<string | undefined, Set<number>>();
  for (const { time, group } of rows) {
    const own = times.get(group) ?? new Set();
    times.set(group, own.add(timePlace(time)));
  }
  return Math.max(0, ...Array.from(times.values(), ({ size }) => size));
}
