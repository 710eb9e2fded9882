import { type Data, examplesOf } from "../../data/data.js";
import { UnrolledError } from "../../errors.js";
import type { ForecastRow } from "./rows.js";
import { type Notice, type Series, type SeriesSet, seriesOf } from "./series.js";
import { readTime } from "./time.js";
import { stepFrom, stepsBetween } from "./time-step.js";

/** Series, and how many steps of each come before a time: those are trained on, what follows is validated on. */
export interface SplitSeries {
  readonly set: SeriesSet;
  readonly ends: readonly number[];
}

/**
 * Splits by time: one time for all groups, before which rows are trained on.
 *
 * @param validation a fraction of the steps, or rows of its own that come after
 * @throws {UnrolledError} `UNROLLED_DATA` as `seriesOf`, and where the rows to validate on don't come after.
 */
export async function splitByTime(
  data: Data<ForecastRow>,
  validation: number | Data<ForecastRow>,
  where: string,
  notice: Notice,
): Promise<SplitSeries> {
  if (typeof validation === "number") {
    const set = await seriesOf(data, where, undefined, notice);
    return { set, ends: endsBefore(set, cutOf(set, validation)) };
  }
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  const both = async function* (epoch: number) {
    for await (const row of examplesOf(data, epoch)) {
      if (row?.time !== undefined) last = Math.max(last, readTime(row.time, where).at);
      yield row;
    }
    for await (const row of examplesOf(validation, epoch)) {
      if (row?.time !== undefined) first = Math.min(first, readTime(row.time, where).at);
      yield row;
    }
  };
  const set = await seriesOf(both, where, undefined, notice);
  if (first > last) return { set, ends: endsBefore(set, first) };
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${where}: the rows of \`validation\` must come after those that are trained on; sort both by time and cut them at one time.`,
  );
}

/** The time from which a fraction of all steps lies. */
export function cutOf({ series, step }: SeriesSet, fraction: number): number {
  const times = series.flatMap(({ start, length }) => Array.from({ length }, (_, index) => stepFrom(start, step, index)));
  const sorted = Float64Array.from(times).sort();
  const place = Math.floor(sorted.length * (1 - fraction));
  return sorted[place] ?? Number.POSITIVE_INFINITY;
}

/** How many steps of each series come before a time. */
export function endsBefore({ series, step }: Pick<SeriesSet, "series" | "step">, time: number): number[] {
  return series.map(({ start, length }: Series) =>
    Math.max(0, Math.min(length, Math.ceil(stepsBetween(start, time, step) - 1e-9))),
  );
}

/**
 * The very split that `Forecaster.train` makes of rows: the last `fraction` of all steps of time is for validation, or for testing; all groups are
 * cut at one time.
 *
 * @param fraction between 0 and 1
 * @throws {UnrolledError} `UNROLLED_VALUE` where it is not, and `UNROLLED_DATA` where the rows are no series.
 */
export async function splitRows(
  rows: readonly ForecastRow[],
  fraction: number,
): Promise<{ train: ForecastRow[]; validation: ForecastRow[] }> {
  if (!(fraction > 0 && fraction < 1)) {
    throw new UnrolledError("UNROLLED_VALUE", `splitRows: \`fraction\` must be between 0 and 1, received ${fraction}.`);
  }
  const cut = cutOf(await seriesOf(rows, "splitRows"), fraction);
  const isBefore = (row: ForecastRow) => readTime(row.time, "splitRows").at < cut;
  return { train: rows.filter(isBefore), validation: rows.filter((row) => !isBefore(row)) };
}
