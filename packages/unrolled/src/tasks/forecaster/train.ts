import type { Data } from "../../data/data.js";
import { UnrolledError } from "../../errors.js";
import { checksum } from "../../files/checksum.js";
import type { ModelStore } from "../../files/store.js";
import type { TrainingHistory } from "../../training/history.js";
import type { TrainingIdentity } from "../checkpoints.js";
import { taskProgress } from "../progress.js";
import { type PreparedTraining, type TrainingHooks, trainNetwork } from "../train-network.js";
import { naiveError } from "./baselines.js";
import { windowBatches } from "./batches.js";
import { calendarFeatures, calendarOf } from "./calendar.js";
import { flaggedColumns, type PreparedSeries, rolesOf } from "./channels.js";
import { forecastNetwork } from "./network.js";
import {
  aheadOf,
  type CheckedOptions,
  checkOptions,
  type ForecasterOptions,
  type ResolvedOptions,
  settleOptions,
} from "./options.js";
import {
  cutterOf,
  type ForecasterParts,
  type ForecasterTrainedWith,
  type ForecastPlan,
  intervalFor,
  preparedFor,
} from "./plan.js";
import { residualDeviations, WINDOWS_AT_ONCE } from "./residuals.js";
import type { ForecastRow } from "./rows.js";
import { Scaling } from "./scaling.js";
import type { Series, SeriesSet } from "./series.js";
import { type SplitSeries, splitByTime } from "./split.js";
import { writeForecaster } from "./stored.js";
import { seasonOf, stepFrom } from "./time-step.js";
import { type Stretch, Windows } from "./windows.js";

const WHERE = "Forecaster.train";

/**
 * Trains on rows, here: `Forecaster.train` and the worker that it may start both end up here.
 *
 * @throws {UnrolledError} as `Forecaster.train`.
 */
export async function trainForecaster(
  data: Data<ForecastRow>,
  options: ForecasterOptions,
  hooks?: TrainingHooks,
): Promise<ForecasterParts> {
  checkOptions(options);
  const { prepared: made, history } = await trainNetwork(options, (given) => prepared(data, given), hooks);
  return await finished(made, history);
}

/** The same for a worker. */
export async function trainAndSaveForecaster(
  data: Data<ForecastRow>,
  options: ForecasterOptions,
  store: ModelStore,
  hooks: TrainingHooks,
): Promise<void> {
  await writeForecaster(store, await trainForecaster(data, options, hooks));
}

interface Prepared extends PreparedTraining {
  readonly network: ForecasterParts["network"];
  readonly parts: Omit<ForecasterParts, "history">;
  readonly validationWindows: Windows;
}

async function prepared(data: Data<ForecastRow>, given: ForecasterOptions): Promise<Prepared> {
  const split = await splitByTime(data, checkedValidation(given.validation), WHERE, given.onNotice ?? (() => undefined));
  const { set, ends } = split;
  const { options, plan } = settled(split, checkOptions(given));
  const trainedWith = settings(set, plan, options, ends);
  const cutter = cutterOf(trainedWith, plan);
  const series = set.series.map((one) => preparedFor(plan, one));
  const lengths = set.series.map(({ length }) => length);
  const train = new Windows(cutter.shape, stretchesOf(series, undefined, ends));
  const validation = new Windows(cutter.shape, stretchesOf(series, ends, lengths));
  checkEnough(train, validation, ends, trainedWith);
  const { seed, batchSize, patience } = options;
  const network = forecastNetwork(cutter.shape, trainedWith, seed);
  return {
    options,
    network,
    parts: { network, plan, trainedWith, tail: set.series.map((one) => lastSteps(one, set, trainedWith.context)) },
    validationWindows: validation,
    data: windowBatches(cutter, train, batchSize, seed),
    batchesInEpoch: Math.ceil(train.length / batchSize),
    validation: windowBatches(cutter, validation, WINDOWS_AT_ONCE),
    loss: intervalFor(trainedWith).loss,
    identity: identityOf({ ...trainedWith, patience }, plan, set),
    onProgress: (progress) => options.onProgress?.(taskProgress(progress, batchSize)),
  };
}

/** Options and scales, by what the part that is trained on holds. */
function settled({ set, ends }: SplitSeries, checked: CheckedOptions): { options: ResolvedOptions; plan: ForecastPlan } {
  const { columns, step, form, series } = set;
  const isMoment = form !== "number";
  const roles = rolesOf(columns, checked.targets, checked.known);
  checkRecursive(
    checked.strategy,
    roles.observed.map((column) => columns[column] as string),
  );
  const options = settleOptions(checked, {
    steps: Math.max(...ends),
    allSteps: ends.reduce((sum, end) => sum + end, 0),
    windowsOfStep: checked.apart ? roles.targets.length : 1,
    season: checked.season ?? seasonOf(step, isMoment),
  });
  const plan: ForecastPlan = {
    ...{ columns, step, form },
    channels: {
      ...roles,
      flagged: flaggedColumns(columns.length, series, ends),
      calendar: calendarFeatures(checked.calendar ?? calendarOf(step, isMoment, Math.max(...ends))),
    },
    scaling: Scaling.fit(options.scaling, columns, roles.targets, series, ends),
    naiveErrors: roles.targets.map((column) => naiveError(column, series, ends, options.season)),
    residuals: roles.targets.map(() => 1),
  };
  return { options, plan };
}

/** How wrong the model is one step ahead belongs to it: a stream measures what is unexpected by it. */
async function finished({ parts, validationWindows }: Prepared, history: TrainingHistory): Promise<ForecasterParts> {
  const residuals = await residualDeviations(parts, validationWindows);
  return { ...parts, plan: { ...parts.plan, residuals }, history };
}

/** From some steps (default: the first) to before others, of each series. */
function stretchesOf(series: readonly PreparedSeries[], from: readonly number[] | undefined, to: readonly number[]): Stretch[] {
  return series.map((one, index) => ({ series: one, from: from?.[index] ?? 0, to: to[index] as number }));
}

function settings(set: SeriesSet, plan: ForecastPlan, options: ResolvedOptions, ends: readonly number[]): ForecasterTrainedWith {
  const { horizon, context, patch, strategy, apart, season, scaling, windowScaling, intervals, level, loss } = options;
  const { cell, units, layers, dropout, linear, batchSize, optimizer, learningRate, clipNorm, seed } = options;
  const { targets, known, observed } = plan.channels;
  const named = (places: readonly number[]) => places.map((place) => set.columns[place] as string);
  const trainSteps = ends.reduce((sum, end) => sum + end, 0);
  return {
    ...{ targets: named(targets), known: named(known), observed: named(observed) },
    ...{ horizon, context, patch, strategy, apart, season, scaling, windowScaling, intervals, level, loss },
    ...{ cell, units, layers, dropout, linear, batchSize, optimizer: optimizer.name, learningRate, clipNorm, seed },
    trainSteps,
    validationSteps: set.series.reduce((sum, { length }) => sum + length, 0) - trainSteps,
  };
}

/** What decides the bits besides the position: the options and the series. */
function identityOf(trainedWith: object, { form, step, channels }: ForecastPlan, { series }: SeriesSet): TrainingIdentity {
  const entries = Object.entries(trainedWith).map(([name, value]) => [name, String(value)]);
  const parts = series.flatMap(({ values }) => values.map(({ buffer }) => new Uint8Array(buffer as ArrayBuffer)));
  const grid = series.map(({ group, start, length }) => [group ?? null, start, length]);
  const about = new TextEncoder().encode(JSON.stringify([form, step, channels, grid]));
  return { task: "forecaster", ...Object.fromEntries(entries), rows: checksum([about, ...parts]) };
}

/** The end of a series. */
function lastSteps(series: Series, { step }: Pick<SeriesSet, "step">, count: number): Series {
  const skipped = Math.max(0, series.length - count);
  const values = series.values.map((line) => line.slice(skipped));
  return { group: series.group, start: stepFrom(series.start, step, skipped), values, length: series.length - skipped };
}

function checkedValidation(validation: ForecasterOptions["validation"] = 0.1): number | Data<ForecastRow> {
  const isFraction = typeof validation === "number" && validation > 0 && validation < 1;
  if (isFraction || Array.isArray(validation) || typeof validation === "function") return validation;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${WHERE}: \`validation\` must be rows of its own, or a fraction between 0 and 1, received ${String(validation)}.`,
  );
}

function checkRecursive(strategy: string, observed: readonly string[]): void {
  if (strategy === "direct" || observed.length === 0) return;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${WHERE}: step by step the network reads what it foretold itself, and nobody foretells ${observed.join(", ")}; make them targets, name ` +
      'them in `known`, or set strategy: "direct".',
  );
}

function checkEnough(train: Windows, validation: Windows, ends: readonly number[], trainedWith: ForecasterTrainedWith): void {
  const { context } = trainedWith;
  const ahead = aheadOf(trainedWith);
  if (train.length === 0) {
    throw new UnrolledError(
      "UNROLLED_DATA",
      `${WHERE}: a series must have at least ${context + ahead} steps to train on (${context} that are read, ${ahead} that are foretold), received ` +
        `${Math.max(...ends)}; give more rows, or set a smaller context or horizon.`,
    );
  }
  if (validation.length > 0) return;
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${WHERE}: the part to validate on must have at least ${ahead} steps, behind ${context} that are read; give more rows, a larger \`validation\`, ` +
      "or a smaller context or horizon.",
  );
}
