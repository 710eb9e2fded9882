import { foldsOf } from "../../tasks/forecaster/backtest.js";
import { Forecaster } from "../../tasks/forecaster/forecaster.js";
import type { ForecasterOptions } from "../../tasks/forecaster/options.js";
import type { ForecastRow } from "../../tasks/forecaster/rows.js";
import type { OptionCase } from "./option-case.js";
import { halfOf, otherTaskTraining, seenOfTraining, taskTraining, unseenOfTraining } from "./task-training.js";

/** Two waves of six hours, of which one grows, and what is known in advance, from an hour on. */
function rowsFrom(first: number, count: number): ForecastRow[] {
  return Array.from({ length: count }, (_, index) => {
    const hour = first + index;
    const wave = Math.sin((2 * Math.PI * hour) / 6);
    const values = { y: 10 + 2 * wave + ((hour * hour) % 7) / 5, z: 20 + hour / 5 - wave, k: hour % 4 };
    return { time: new Date(Date.UTC(2026, 0, 1, hour)), values };
  });
}

const rows = rowsFrom(0, 30);
const [early, later] = [rows.slice(0, 24), rows.slice(24)];
/** What the rows teach makes these no likelier in the long run. */
const otherwise = later.map(({ time, values }) => ({ time, values: { ...values, y: 5, z: 40 - Number(values.z) } }));

const options = {
  ...{ cell: "gru", units: 3, layers: 2, dropout: 0, linear: true },
  ...{ targets: ["y", "z"], known: ["k"], horizon: 2, context: 6, patch: 1, strategy: "direct", apart: false, season: 6 },
  ...{ scaling: "standard", windowScaling: "last", calendar: ["hour"], intervals: "gaussian", level: 0.8, loss: undefined },
  ...taskTraining,
  validation: otherwise,
} as const;
const train = (own: ForecasterOptions) => Forecaster.train(early, own);
const half = await halfOf(options, train);
const small = { units: 3, context: 6, season: 6, steps: 3, seed: 1 } as const;
const model = await Forecaster.train(rows, { ...small, known: ["k"], horizon: 2, strategy: "recursive", intervals: "gaussian" });

/** Forecasters: how they are trained, foretell, and are measured. */
export const forecasterCases: readonly OptionCase[] = [
  {
    where: "Forecaster.train",
    file: "tasks/forecaster/options.ts",
    types: ["ForecasterOptions"],
    options: { ...options, checkpoints: half },
    others: {
      ...{ cell: "lstm", units: 4, layers: 1, dropout: 0.5, linear: false },
      ...{ targets: ["y"], known: [], horizon: 1, context: 8, patch: 2, strategy: "recursive", apart: true, season: 4 },
      ...{
        scaling: "log",
        windowScaling: "mean",
        calendar: ["hour", "weekday"],
        intervals: "quantile",
        level: 0.5,
        loss: "absolute",
      },
      ...otherTaskTraining,
      validation: 0.4,
    },
    unseen: unseenOfTraining,
    run: (own: ForecasterOptions) => seenOfTraining(own, train, (trained) => trained.evaluate(rows)),
  },
  {
    where: "Forecaster.evaluate",
    file: "tasks/forecaster/evaluate.ts",
    types: ["EvaluateOptions"],
    options: { from: undefined, every: 1 },
    others: { from: later[0]?.time, every: 2 },
    run: (own) => model.evaluate(rows, own),
  },
  {
    where: "Forecaster.predict",
    file: "tasks/forecaster/predict.ts",
    types: ["PredictOptions"],
    options: { horizon: 2, future: rowsFrom(30, 3), samples: 5, seed: 1 },
    others: { horizon: 3, future: rowsFrom(30, 3).map((row) => ({ ...row, values: { k: 9 } })), samples: 6, seed: 2 },
    run: (own) => model.predict(rows, own),
  },
  {
    where: "Forecaster.backtest",
    file: "tasks/forecaster/backtest.ts",
    types: ["BacktestOptions"],
    options: { folds: 2, share: 0.2 },
    others: { folds: 3, share: 0.1 },
    run: (own) => foldsOf(rows, own),
  },
];
