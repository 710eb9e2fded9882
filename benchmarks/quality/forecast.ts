import { readFile } from "node:fs/promises";
import {
  Forecaster,
  type ForecasterMetrics,
  type ForecasterOptions,
  type ForecastRow,
  type TaskProgress,
  type TimeValue,
} from "unrolled/tasks";
import { dataFile } from "./data-file.js";
import type { Result, RunRequest } from "./task.js";

/** The rows of a forecasting task, in the order of time. */
export interface ForecastData {
  readonly rows: readonly ForecastRow[];
  /** Rows to train on; validation, where it has rows of its own, and test follow. */
  readonly train: number;
  /** Rows to validate on. Default: the share of the training rows that the options say. */
  readonly validation?: number;
  /** Steps from one test window's beginning to the next one's. Default: 1. */
  readonly every?: number;
  /** The figure of metrics. */
  readonly figure: (metrics: ForecasterMetrics) => number;
}

/** A comma-separated file whose cells hold no commas, without its header. */
export async function tableLines(data: string | undefined, set: string, name: string): Promise<string[][]> {
  const lines = (await readFile(dataFile(data, set, name), "utf8")).trim().split(/\r?\n/).slice(1);
  return lines.map((line) => line.split(",").map((cell) => cell.replaceAll('"', "")));
}

/** Trains a forecaster on the first rows and measures it on the last, which it reads only to foretell what follows on them. */
export async function trainAndMeasure(data: ForecastData, options: ForecasterOptions, request: RunRequest): Promise<Result> {
  const { rows, train, validation = 0, every = 1, figure } = data;
  const { seed, steps, say } = request;
  let latest: TaskProgress | undefined;
  const model = await Forecaster.train(rows.slice(0, train), {
    ...options,
    ...(validation > 0 ? { validation: rows.slice(train, train + validation) } : {}),
    ...(steps === undefined ? {} : { steps }),
    seed,
    onProgress: (progress) => {
      // an epoch is measured after its last step, so the next one's first step tells
      if (latest && progress.epoch > latest.epoch && latest.epoch % 10 === 0) say(epochLine(progress));
      latest = progress;
    },
  });
  const test = train + validation;
  const metrics = await model.evaluate(rows.slice(test - model.trainedWith.context), { from: timeOf(rows, test), every });
  const { epochs, seconds, best } = model.history;
  say(
    `epoch ${best?.epoch ?? epochs.length} of ${epochs.length}   test ${figure(metrics).toFixed(4)} on ${metrics.windows} windows   ` +
      `MAE ${metrics.mae.toFixed(4)}   MASE ${metrics.mase.toFixed(4)}   ${seconds.toFixed(0)} s`,
  );
  return { value: figure(metrics), parameters: model.parameterCount, epochs, seconds };
}

function timeOf(rows: readonly ForecastRow[], place: number): TimeValue {
  return rows[place]?.time ?? 0;
}

function epochLine({ epoch, loss, validationLoss = Number.NaN, seconds }: TaskProgress): string {
  return `epoch ${epoch - 1}   training ${loss.toFixed(4)}   validation ${validationLoss.toFixed(4)}   ${seconds.toFixed(0)} s`;
}

/** The figure of a forecast from each row before, `lag` rows back: RMSE over the rows from a place on, of one target. */
export function naiveRmse(rows: readonly ForecastRow[], target: string, from: number, lag: number): number {
  const squares = rows
    .slice(from)
    .map((row, index) => ((row.values[target] ?? 0) - (rows[from + index - lag]?.values[target] ?? 0)) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}
