import type { TimeValue } from "./time.js";

/** What was measured, or is known, at one time. */
export interface ForecastRow {
  /**
   * A moment: a `Date`, or text such as "1949-01", "1949-01-31" or "2016-07-01 14:00:00" (without a zone: UTC). Or a number, a place on an axis
   * of one's own.
   */
  time: TimeValue;
  /** By column. null, NaN, or a column that is left out, is a missing value. */
  values: Readonly<Record<string, number | null>>;
  /** Which series it belongs to, where there are several. */
  group?: string;
}
