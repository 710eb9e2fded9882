import { type ForecastRow, type ForecastStep, timePlace } from "unrolled/tasks";

/** A value at a place on the axis of time: milliseconds since 1970, or the number that the time is. */
export interface DrawnPoint {
  readonly at: number;
  readonly value: number;
}

/** What is drawn of one target of one series. */
export interface ForecastDrawing {
  /** The target's name. */
  readonly title: string;
  /** Whether times are moments, and not numbers. */
  readonly isTime: boolean;
  /** What was; gaps are left out. */
  readonly history: readonly DrawnPoint[];
  /** What is foretold, with its bounds where there are any. */
  readonly forecast: readonly (DrawnPoint & { readonly lower: number | undefined; readonly upper: number | undefined })[];
}

/**
 * Gathers what is drawn: the last rows of a series and what follows on them.
 *
 * @param length how many rows are shown at most
 */
export function forecastDrawing(
  target: string,
  rows: readonly ForecastRow[],
  steps: readonly ForecastStep[],
  length: number,
): ForecastDrawing {
  const history = rows.slice(-length).flatMap(({ time, values }) => {
    const value = values[target];
    return typeof value === "number" && Number.isFinite(value) ? [{ at: timePlace(time), value }] : [];
  });
  const forecast = steps.map(({ time, values, lower, upper }) => {
    return { at: timePlace(time), value: values[target] ?? Number.NaN, lower: lower?.[target], upper: upper?.[target] };
  });
  return { title: target, isTime: typeof steps[0]?.time !== "number", history, forecast };
}
