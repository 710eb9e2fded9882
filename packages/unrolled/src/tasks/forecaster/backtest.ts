import { UnrolledError } from "../../errors.js";
import { checkCount, checkKnown } from "../../layers/options.js";
import type { ForecasterMetrics } from "./evaluate.js";
import type { ForecastRow } from "./rows.js";
import { seriesOf } from "./series.js";
import { cutOf } from "./split.js";
import { readTime, type TimeValue, writeTime } from "./time.js";

/** How often a model is trained and tested anew. */
export interface BacktestOptions {
  /** How many stretches of time are foretold, each by a model that is trained on all before it. Default: 3. */
  folds?: number;
  /** How much of the steps each stretch has, as a fraction of all. Default: what is left of the later half, 0.5 / folds. */
  share?: number;
}

/** A stretch of time that was foretold by a model that never saw it. */
export interface BacktestFold {
  /** Its first time: everything before was trained and validated on. */
  from: TimeValue;
  /** How well its model foretold it. */
  metrics: ForecasterMetrics;
}

/** Rows by what is done with them. */
interface Fold {
  readonly from: TimeValue;
  readonly train: readonly ForecastRow[];
  /** Those to train on, and those to test on behind them. */
  readonly upTo: readonly ForecastRow[];
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range, `UNROLLED_DATA` where the rows are no series. */
export async function foldsOf(rows: readonly ForecastRow[], options: BacktestOptions): Promise<Fold[]> {
  const where = "Forecaster.backtest";
  checkKnown(where, options, ["folds", "share"]);
  const folds = checkCount(where, "folds", options.folds ?? 3);
  const share = options.share ?? 0.5 / folds;
  if (!(share > 0 && share * folds < 1)) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${where}: \`share\` times ${folds} folds must be above 0 and below 1, so that something is left to train on first, received ${share}.`,
    );
  }
  const set = await seriesOf(rows, where);
  const placed = rows.map((row) => ({ row, at: readTime(row.time, where).at }));
  return Array.from({ length: folds }, (_, fold) => {
    const begin = cutOf(set, share * (folds - fold));
    const end = fold === folds - 1 ? Number.POSITIVE_INFINITY : cutOf(set, share * (folds - fold - 1));
    return {
      from: writeTime(begin, set.form),
      train: placed.filter(({ at }) => at < begin).map(({ row }) => row),
      upTo: placed.filter(({ at }) => at < end).map(({ row }) => row),
    };
  });
}
