import { UnrolledError } from "../../errors.js";
import type { Series } from "./series.js";

/** How a column is scaled: standardised, the logarithm of 1 + x standardised, or not at all. */
export type ScalingName = "standard" | "log" | "none";

export const SCALINGS: readonly ScalingName[] = ["standard", "log", "none"];

/** What is subtracted from a column, and what it is divided by then: mean and deviation of the part that was trained on. */
export interface ColumnScale {
  readonly mean: number;
  readonly deviation: number;
}

/** Brings values of every column to a size that networks learn well, and back: (f(x) − mean) / deviation. */
export class Scaling {
  readonly name: ScalingName;
  /** By column. */
  readonly columns: readonly ColumnScale[];

  constructor(name: ScalingName, columns: readonly ColumnScale[]) {
    this.name = name;
    this.columns = columns;
  }

  /**
   * Fitted on steps before an end alone. Missing values are left out; a column that never changes there is only shifted.
   *
   * @param ends how many steps of each series are looked at
   * @throws {UnrolledError} `UNROLLED_DATA` for a column without any value there, or one with −1 or less where the logarithm is taken.
   */
  static fit(name: ScalingName, names: readonly string[], series: readonly Series[], ends: readonly number[]): Scaling {
    const columns = names.map((column, place) => {
      const parts = series.map(({ values }, index) => (values[place] as Float64Array).subarray(0, ends[index]));
      return scaleOf(name, column, parts);
    });
    return new Scaling(name, columns);
  }

  /** A value as the network reads it. NaN stays NaN. */
  scaled(column: number, value: number): number {
    const { mean, deviation } = this.columns[column] as ColumnScale;
    return (this.#bent(value) - mean) / deviation;
  }

  /** A number of the network's as a value. */
  unscaled(column: number, number: number): number {
    const { mean, deviation } = this.columns[column] as ColumnScale;
    const value = number * deviation + mean;
    return this.name === "log" ? Math.expm1(value) : value;
  }

  /** Below −1 there is no logarithm; the smallest value that has one stands for what a later row may hold there. */
  #bent(value: number): number {
    return this.name === "log" ? Math.log1p(Math.max(value, -1 + Number.EPSILON)) : value;
  }
}

function scaleOf(name: ScalingName, column: string, parts: readonly Float64Array[]): ColumnScale {
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (const part of parts) {
    for (const value of part) {
      if (Number.isNaN(value)) continue;
      if (name === "log" && value <= -1) {
        throw new UnrolledError(
          "UNROLLED_DATA",
          `scaling: "log" takes log(1 + x), which needs values above -1; \`${column}\` has ${value}; set scaling: "standard".`,
        );
      }
      // Welford 1962
      const x = name === "log" ? Math.log1p(value) : value;
      const distance = x - mean;
      mean += distance / ++count;
      squares += distance * (x - mean);
    }
  }
  if (count === 0) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `scaling: \`${column}\` has no value in the part that is trained on; leave the column out, or give more rows.`,
    );
  }
  if (name === "none") return { mean: 0, deviation: 1 };
  const deviation = Math.sqrt(squares / count);
  return { mean, deviation: deviation > 1e-12 * Math.max(1, Math.abs(mean)) ? deviation : 1 };
}
