import type { PreparedSeries } from "./channels.js";
import type { Series } from "./series.js";

/** The last value before a step, in scaled units, for every step to come. */
export function lastValue({ scaled, series }: PreparedSeries, column: number, origin: number): number {
  return scaled[(origin - 1) * series.values.length + column] as number;
}

/** The value a season before, as often as it takes to be one that is known by the origin; the last value where the series is younger than a season. */
export function seasonalNaive(prepared: PreparedSeries, column: number, origin: number, ahead: number, season: number): number {
  const place = origin + ahead - season * Math.ceil((ahead + 1) / season);
  if (place < 0) return lastValue(prepared, column, origin);
  return prepared.scaled[place * prepared.series.values.length + column] as number;
}

/**
 * The mean absolute error of repeating what was a season before, on the steps before an end: what errors are measured by (Hyndman & Koehler
 * 2006). NaN where no step has both values.
 */
export function naiveError(column: number, series: readonly Series[], ends: readonly number[], season: number): number {
  let sum = 0;
  let count = 0;
  for (const [index, { values }] of series.entries()) {
    const line = values[column] as Float64Array;
    for (let step = season; step < (ends[index] as number); step++) {
      const error = Math.abs((line[step] as number) - (line[step - season] as number));
      if (Number.isNaN(error)) continue;
      sum += error;
      count++;
    }
  }
  return sum / count;
}
