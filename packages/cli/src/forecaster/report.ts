import type { Forecaster, ForecasterMetrics, ForecastRow, ForecastScores, ForecastStep } from "unrolled/tasks";
import { architecture } from "../display/architecture.js";
import { count, counted } from "../display/quantities.js";
import { scoreTable } from "../display/score-table.js";
import { givenOptions } from "../given-options.js";
import { shellQuoted } from "../shell-quoted.js";
import { type Audience, savedIn, stoppedAt } from "../training/report.js";
import type { TrainingRun } from "../training/training-run.js";
import type { DividedRows } from "./divided-rows.js";
import { firstTime } from "./rows.js";

const MEASURES = ["mae", "rmse", "mase", "smape", "coverage"] as const;
/** Targets that are told of by themselves. */
const MOST_SHOWN = 12;

/** How well a forecaster does, and what it foretells behind the last row. */
interface ForecasterMeasures {
  readonly validation: ForecasterMetrics;
  readonly test: ForecasterMetrics;
  readonly baseline: { readonly lastValue: object; readonly seasonalNaive: object };
  /** None where the future of columns known in advance is needed for it. */
  readonly forecast: readonly ForecastStep[];
}

/** Measures a forecaster on the time after what it was trained on. */
export async function measureForecaster(
  model: Forecaster,
  { train, validation, test }: DividedRows,
): Promise<ForecasterMeasures> {
  const all = [...train, ...validation, ...test];
  const measure = (rows: ForecastRow[], part: readonly ForecastRow[]) =>
    model.evaluate(rows, givenOptions({ from: firstTime(part) }));
  const measured = {
    validation: await measure([...train, ...validation], validation),
    test: await measure(all, test),
  };
  const { lastValue, seasonalNaive } = measured.test.baseline;
  return {
    ...measured,
    baseline: { lastValue: scoresOf(lastValue), seasonalNaive: scoresOf(seasonalNaive) },
    forecast: model.trainedWith.known.length === 0 ? await model.predict(all) : [],
  };
}

/** The metrics by the names of the command line's contract. */
export function forecasterScores(metrics: ForecasterMetrics) {
  return { loss: metrics.loss, ...scoresOf(metrics) };
}

/** Scores of a model and of forecasts that need none, then of each target. */
export function forecasterTable(title: string, { trainedWith }: Forecaster, metrics: ForecasterMetrics): string[] {
  const { lastValue, seasonalNaive } = metrics.baseline;
  const { season, targets } = trainedWith;
  const seasonal = season > 1 ? [{ name: `the value ${count(season)} steps before`, scores: scoresOf(seasonalNaive) }] : [];
  const best = Math.min(lastValue.mae, season > 1 ? seasonalNaive.mae : Number.POSITIVE_INFINITY);
  return [
    ...scoreTable(`${title}, ${counted(metrics.windows, "forecast")}`, MEASURES, [
      { name: architecture(trainedWith), scores: scoresOf(metrics) },
      { name: "the last value", scores: scoresOf(lastValue) },
      ...seasonal,
    ]),
    ...(metrics.mae >= best
      ? ["", "The network is no better than repeating what was; more rows, or another --context, may help."]
      : []),
    ...(targets.length > 1 ? ["", ...scoreTable("Targets", MEASURES, targetRows(metrics))] : []),
  ];
}

function targetRows({ targets }: ForecasterMetrics) {
  return Object.entries(targets)
    .slice(0, MOST_SHOWN)
    .map(([name, scores]) => ({ name, scores: scoresOf(scores) }));
}

function scoresOf({ mae, rmse, mase, smape, coverage }: ForecastScores & { coverage?: number }) {
  return { mae, rmse, mase, smape, ...givenOptions({ coverage }) };
}

/** What the user reads at the end of a training. `drawn` are the lines of the drawing. */
export function forecasterReport(
  run: TrainingRun<Forecaster>,
  measures: ForecasterMeasures | undefined,
  { folder, program }: Audience,
  { files, drawn }: { readonly files: readonly string[]; readonly drawn: readonly string[] },
): string {
  const results = measures ? [...forecasterTable("Test", run.model, measures.test), ...drawn] : [stoppedAt(run)];
  const data = files.map(shellQuoted).join(" ");
  const next = `Let it go on from your rows:\n  ${program} predict ${shellQuoted(folder)} --file ${data}`;
  return [...results, "", ...savedIn(run, folder, next)].join("\n");
}
