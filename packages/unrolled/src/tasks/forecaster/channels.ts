import { UnrolledError } from "../../errors.js";
import { type CalendarFeature, writeCalendar } from "./calendar.js";
import type { Scaling } from "./scaling.js";
import type { Series } from "./series.js";
import { stepFrom, type TimeStep } from "./time-step.js";

/** What each column is for, all by their places in a `SeriesSet`. */
export interface Roles {
  /** What is foretold. */
  readonly targets: readonly number[];
  /** Columns that are known in advance, such as holidays and prices. */
  readonly known: readonly number[];
  /** Columns that are read and neither foretold nor known in advance, such as the weather. */
  readonly observed: readonly number[];
}

/** What the network reads of a step: all values, for some a flag of those that are missing, and what the calendar says. */
export interface Channels extends Roles {
  /** Columns that have a flag: those with a missing value in the part that was trained on. */
  readonly flagged: readonly number[];
  readonly calendar: readonly CalendarFeature[];
}

/**
 * Sorts columns into roles.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` where one is named twice or isn't there, or nothing is left to foretell.
 */
export function rolesOf(columns: readonly string[], targets: readonly string[] | undefined, known: readonly string[]): Roles {
  const place = (option: string) => (name: string) => {
    const found = columns.indexOf(name);
    if (found >= 0) return found;
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `Forecaster.train: \`${option}\` names ${JSON.stringify(name)}, but the rows' columns are ${columns.join(", ")}.`,
    );
  };
  const knownPlaces = known.map(place("known"));
  const all = columns.map((_, index) => index);
  const targetPlaces = targets?.map(place("targets")) ?? all.filter((column) => !knownPlaces.includes(column));
  const twice = [...targetPlaces, ...knownPlaces].find((column, index, both) => both.indexOf(column) !== index);
  if (twice !== undefined) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `Forecaster.train: \`${columns[twice]}\` is named twice; a column is a target, or known in advance, once.`,
    );
  }
  if (targetPlaces.length === 0) {
    throw new UnrolledError("UNROLLED_VALUE", "Forecaster.train: nothing is left to foretell; name a column in `targets`.");
  }
  const observed = all.filter((column) => !targetPlaces.includes(column) && !knownPlaces.includes(column));
  return { targets: targetPlaces, known: knownPlaces, observed };
}

/** Columns that have a missing value before an end. */
export function flaggedColumns(columns: number, series: readonly Series[], ends: readonly number[]): number[] {
  return Array.from({ length: columns }, (_, column) => column).filter((column) =>
    series.some(({ values }, index) => (values[column] as Float64Array).subarray(0, ends[index]).some(Number.isNaN)),
  );
}

/** A series as the network reads it, made once: windows are stretches of it. */
export interface PreparedSeries {
  readonly series: Series;
  /** [time, columns]: scaled; the value before where one is missing, 0 where there is none before. */
  readonly scaled: Float32Array;
  /** [time, columns]: 1 where there is a value, 0 where it is missing. */
  readonly present: Uint8Array;
  /** [time, 2 · calendar] */
  readonly calendar: Float32Array;
}

/** Scales a series, fills what is missing, and looks into the calendar. What stands at a step depends on no later one. */
export function prepare(series: Series, step: TimeStep, scaling: Scaling, calendar: readonly CalendarFeature[]): PreparedSeries {
  const { length, values } = series;
  const columns = values.length;
  const scaled = new Float32Array(length * columns);
  const present = new Uint8Array(length * columns);
  for (const [column, line] of values.entries()) {
    let before = 0;
    for (let index = 0; index < length; index++) {
      const value = line[index] as number;
      const isThere = !Number.isNaN(value);
      if (isThere) before = scaling.scaled(column, value);
      scaled[index * columns + column] = before;
      present[index * columns + column] = isThere ? 1 : 0;
    }
  }
  const width = 2 * calendar.length;
  const moments = new Float32Array(length * width);
  if (width > 0) {
    for (let index = 0; index < length; index++) {
      writeCalendar(stepFrom(series.start, step, index), calendar, moments, index * width);
    }
  }
  return { series, scaled, present, calendar: moments };
}
