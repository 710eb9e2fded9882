import type { Data } from "../../data/data.js";
import { UnrolledError } from "../../errors.js";
import { checkCount, checkKnown } from "../../layers/options.js";
import { evaluateLoss } from "../../training/evaluate-loss.js";
import { lastValue, seasonalNaive } from "./baselines.js";
import { windowBatches } from "./batches.js";
import { cutterOf, type ForecasterParts, intervalFor, preparedFor } from "./plan.js";
import { eachForecast, WINDOWS_AT_ONCE } from "./residuals.js";
import type { ForecastRow } from "./rows.js";
import { ErrorSums, type ForecastScores } from "./scores.js";
import { type SeriesSet, seriesOf } from "./series.js";
import { endsBefore } from "./split.js";
import { readTime, type TimeValue } from "./time.js";
import { Windows } from "./windows.js";

/** Which windows are measured. */
export interface EvaluateOptions {
  /** Foretells nothing before this time; what comes before is only read. Default: the first step that has a whole context before it. */
  from?: TimeValue;
  /** Steps from one window's beginning to the next one's. Default: 1. */
  every?: number;
}

/** How well a model foretells rows. */
export interface ForecasterMetrics extends ForecastScores {
  /** What training made small, on the same windows. */
  loss: number;
  /** How much of the truth lies within the bounds, between 0 and 1; with bounds only. */
  coverage?: number;
  /** How many windows were measured. */
  windows: number;
  /** The same of each target alone. */
  targets: Readonly<Record<string, ForecastScores & { coverage?: number }>>;
  /** The same of forecasts that need no model, on the same windows: the last value, and the one of the season before. */
  baseline: { lastValue: ForecastScores; seasonalNaive: ForecastScores };
}

/** @throws {UnrolledError} as `Forecaster.evaluate`. */
export async function evaluateForecaster(
  parts: ForecasterParts,
  data: Data<ForecastRow>,
  options: EvaluateOptions = {},
): Promise<ForecasterMetrics> {
  const where = "Forecaster.evaluate";
  checkKnown(where, options, ["from", "every"]);
  const every = checkCount(where, "every", options.every ?? 1);
  const set = await seriesOf(data, where, parts.plan);
  const windows = windowsOf(parts, set, options.from, every);
  if (windows.length === 0) {
    const { context } = parts.trainedWith;
    const ahead = cutterOf(parts.trainedWith, parts.plan).shape.horizon;
    throw new UnrolledError(
      "UNROLLED_DATA",
      `${where}: expected a series of at least ${context + ahead} steps (${context} that are read, ${ahead} that are foretold), received ` +
        `${Math.max(...set.series.map(({ length }) => length))}; give the rows before as well, and let \`from\` tell where to begin.`,
    );
  }
  return await measure(parts, windows);
}

function windowsOf(parts: ForecasterParts, set: SeriesSet, from: TimeValue | undefined, every: number): Windows {
  const begins = from === undefined ? set.series.map(() => 0) : endsBefore(set, readTime(from, "Forecaster.evaluate: from").at);
  const stretches = set.series.map((series, index) => {
    return { series: preparedFor(parts.plan, series), from: begins[index] as number, to: series.length };
  });
  return new Windows(cutterOf(parts.trainedWith, parts.plan).shape, stretches, every);
}

interface TargetSums {
  readonly own: ErrorSums;
  covered: number;
}

async function measure(parts: ForecasterParts, windows: Windows): Promise<ForecasterMetrics> {
  const { plan, trainedWith } = parts;
  const { scaling, channels, naiveErrors } = plan;
  const { apart, season, intervals } = trainedWith;
  const cutter = cutterOf(trainedWith, plan);
  const interval = intervalFor(trainedWith);
  const sums = channels.targets.map((): TargetSums => ({ own: new ErrorSums(), covered: 0 }));
  const all = { own: new ErrorSums(), last: new ErrorSums(), seasonal: new ErrorSums() };
  const forecast = { value: 0, lower: 0, upper: 0 };
  await eachForecast(parts, windows, ({ series, origin, target }, outputs, at) => {
    const width = series.series.values.length;
    for (let number = 0; number < cutter.shape.horizon * cutter.layout.targets; number++) {
      const ahead = Math.floor(number / cutter.layout.targets);
      const index = apart ? target : number % cutter.layout.targets;
      const column = channels.targets[index] as number;
      const place = (origin + ahead) * width + column;
      if (series.present[place] === 0) continue;
      interval.read(outputs, at + number * interval.outputs, forecast);
      const truth = series.series.values[column]?.[origin + ahead] as number;
      const naive = naiveErrors[index] as number;
      const scaledTruth = scaling.scaled(column, truth);
      const own = sums[index] as TargetSums;
      const add = (to: ErrorSums, scaled: number) => to.add(scaling.unscaled(column, scaled), truth, naive, scaled - scaledTruth);
      add(own.own, forecast.value);
      add(all.own, forecast.value);
      add(all.last, lastValue(series, column, origin));
      add(all.seasonal, seasonalNaive(series, column, origin, ahead, season));
      if (scaledTruth >= forecast.lower && scaledTruth <= forecast.upper) own.covered++;
    }
  });
  if (all.own.count === 0) {
    throw new UnrolledError("UNROLLED_DATA", "Forecaster.evaluate: every value that should be foretold is missing in the rows.");
  }
  const loss = await evaluateLoss(parts.network, windowBatches(cutter, windows, WINDOWS_AT_ONCE), interval.loss);
  const covered = (count: number, of: number) => (intervals === "none" ? {} : { coverage: count / of });
  return {
    loss,
    ...all.own.scores,
    ...covered(
      sums.reduce((sum, target) => sum + target.covered, 0),
      all.own.count,
    ),
    windows: windows.length,
    targets: Object.fromEntries(
      sums.map(({ own, covered: count }, index) => [trainedWith.targets[index], { ...own.scores, ...covered(count, own.count) }]),
    ),
    baseline: { lastValue: all.last.scores, seasonalNaive: all.seasonal.scores },
  };
}
