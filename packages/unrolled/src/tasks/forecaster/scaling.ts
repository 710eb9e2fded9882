import { UnrolledError } from "../../errors.js";
import { RunningMoments } from "../running-moments.js";
import type { Series } from "./series.js";

/** How columns are scaled: standardised; targets by the logarithm of 1 + x, standardised, and others as they are; or not at all. */
export type ScalingName = "standard" | "log" | "none";

export const SCALINGS: readonly ScalingName[] = ["standard", "log", "none"];

/** What is subtracted from a column, and what it is divided by then: mean and deviation of the part that was trained on. */
export interface ColumnScale {
  readonly mean: number;
  readonly deviation: number;
  /** Whether both are those of log(1 + x). */
  readonly log: boolean;
}

/** Brings values of every column to a size that networks learn well, and back: (f(x) − mean) / deviation. */
export class Scaling {
  /** By column. */
  readonly columns: readonly ColumnScale[];

  constructor(columns: readonly ColumnScale[]) {
    this.columns = columns;
  }

  /**
   * Fitted on steps before an end alone. Missing values are left out; a column that never changes there is only shifted.
   *
   * @param targets places of the columns that are foretold
   * @param ends how many steps of each series are looked at
   * @throws {UnrolledError} `UNROLLED_DATA` for a column without any value there, with numbers whose squares are infinite, or with −1 or less where the
   * logarithm is taken.
   */
  static fit(
    name: ScalingName,
    names: readonly string[],
    targets: readonly number[],
    series: readonly Series[],
    ends: readonly number[],
  ): Scaling {
    const columns = names.map((column, place) => {
      const parts = series.map(({ values }, index) => (values[place] as Float64Array).subarray(0, ends[index]));
      return name === "none" ? UNSCALED : scaleOf(column, name === "log" && targets.includes(place), parts);
    });
    return new Scaling(columns);
  }

  /** A value as the network reads it. NaN stays NaN. */
  scaled(column: number, value: number): number {
    const { mean, deviation, log } = this.columns[column] as ColumnScale;
    return ((log ? logarithm(value) : value) - mean) / deviation;
  }

  /** A number of the network's as a value. */
  unscaled(column: number, number: number): number {
    const { mean, deviation, log } = this.columns[column] as ColumnScale;
    const value = number * deviation + mean;
    return log ? Math.expm1(value) : value;
  }
}

const UNSCALED: ColumnScale = { mean: 0, deviation: 1, log: false };

/** Of 1 + x. Below −1 there is none; the smallest value that has one stands for what a later row may hold there. */
function logarithm(x: number): number {
  return Math.log1p(Math.max(x, -1 + Number.EPSILON));
}

function scaleOf(column: string, log: boolean, parts: readonly Float64Array[]): ColumnScale {
  const moments = new RunningMoments();
  for (const part of parts) {
    for (const value of part) {
      if (Number.isNaN(value)) continue;
      if (log && value <= -1) {
        throw new UnrolledError(
          "UNROLLED_DATA",
          `scaling: "log" takes log(1 + x), which needs values above -1; \`${column}\` has ${value}; set scaling: "standard".`,
        );
      }
      moments.add(log ? Math.log1p(value) : value);
    }
  }
  if (moments.count === 0) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `scaling: \`${column}\` has no value in the part that is trained on; leave the column out, or give more rows.`,
    );
  }
  return { ...moments.scale(column), log };
}
