import type { Data } from "../../data/data.js";
import { UnrolledError } from "../../errors.js";
import { checkChoice, checkCount, checkKnown, checkRate } from "../../layers/options.js";
import { CELLS, type CellName } from "../cell-name.js";
import { type ResolvedTraining, resolveTraining, TRAINING_OPTIONS, type TrainingOptions } from "../training-options.js";
import { CALENDAR_FEATURES, type CalendarFeature } from "./calendar.js";
import { INTERVALS, type IntervalName, POINT_LOSSES, type PointLoss } from "./intervals.js";
import type { ForecastRow } from "./rows.js";
import { SCALINGS, type ScalingName } from "./scaling.js";
import { WINDOW_SCALINGS, type WindowScaling } from "./window-scaling.js";

/** How several steps are foretold: all at once, or each from those before it. */
export type ForecastStrategy = "direct" | "recursive";

export const STRATEGIES: readonly ForecastStrategy[] = ["direct", "recursive"];

/** What a forecaster's network is made of. */
export interface ForecasterArchitecture {
  /** Default: gru. */
  cell: CellName;
  /** Hidden units of a layer. Default: 16 to 64, by how many windows there are to learn from. */
  units: number;
  /** Stacked recurrent layers. Default: 1. */
  layers: number;
  /** Dropout between layers and before the output. Default: 0.1. */
  dropout: number;
  /** Whether a linear map from each target's own context to its future is added. Default: true. */
  linear: boolean;
}

/** What is foretold from what. */
export interface ForecasterTask {
  /** Columns that are foretold. Default: all that are not `known`. The others are read only. */
  targets?: readonly string[];
  /** Columns that are known in advance, such as holidays and prices: `predict` needs their future. Default: none. */
  known?: readonly string[];
  /** Steps that are foretold. Default: 1. */
  horizon?: number;
  /** Steps that are read for it. Default: three seasons, two horizons or 24, what is most, and a third of the series at most. */
  context?: number;
  /** Steps that the recurrent layers read at once, a divisor of the context (Lin et al. 2023). Default: 1 up to 96 steps, more for longer ones. */
  patch?: number;
  /** Default: direct. */
  strategy?: ForecastStrategy;
  /** Reads each target by itself, all with the same weights (Nie et al. 2023), instead of all together. Default: false. */
  apart?: boolean;
  /** After how many steps the series repeats itself, for the naive forecast and defaults. Default: by the step of time, 24 for hours, say. */
  season?: number;
  /** How columns are scaled, by what the part that is trained on holds. Default: standard. */
  scaling?: ScalingName;
  /** What each window is brought to before it is read. Default: last. */
  windowScaling?: WindowScaling;
  /** Which features of the calendar are read. Default: by the step of time, cycles that are trained on twice at least; none for times that are numbers. */
  calendar?: readonly CalendarFeature[];
  /** Where bounds come from. Default: quantile. */
  intervals?: IntervalName;
  /** How much of the truth shall lie within the bounds, where there are any. Default: 0.8. */
  level?: number;
  /** What is made small where `intervals` is none. Default: squared. */
  loss?: PointLoss;
}

/** How a forecaster is made and trained. */
export interface ForecasterOptions extends Partial<ForecasterArchitecture>, ForecasterTask, TrainingOptions<Data<ForecastRow>> {}

/** What is settled without looking at the data. */
export interface CheckedOptions extends ForecasterOptions {
  readonly horizon: number;
  readonly strategy: ForecastStrategy;
  readonly known: readonly string[];
  readonly intervals: IntervalName;
  readonly level: number;
  readonly loss: PointLoss;
  readonly scaling: ScalingName;
  readonly windowScaling: WindowScaling;
  readonly cell: CellName;
  readonly layers: number;
  readonly dropout: number;
  readonly linear: boolean;
  readonly apart: boolean;
}

/** What the data decides where an option doesn't. */
export interface DataSize {
  /** Steps of the longest series that is trained on. */
  readonly steps: number;
  /** Steps of all of them. */
  readonly allSteps: number;
  /** Windows of a step. */
  readonly windowsOfStep: number;
  readonly season: number;
}

/** Options with what the data decides filled in. */
export type ResolvedOptions = Omit<CheckedOptions, keyof TrainingOptions<unknown>> &
  ResolvedTraining<Data<ForecastRow>> & { context: number; patch: number; units: number; season: number };

const WHERE = "Forecaster.train";
const ARCHITECTURE = ["cell", "units", "layers", "dropout", "linear"] as const;
const TASK = [
  "targets",
  "known",
  "horizon",
  "context",
  "patch",
  "strategy",
  "apart",
  "season",
  "scaling",
  "windowScaling",
  "calendar",
  "intervals",
  "level",
  "loss",
] as const;

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range, or excludes another one. */
export function checkOptions(options: ForecasterOptions): CheckedOptions {
  checkKnown(WHERE, options, [...ARCHITECTURE, ...TASK, ...TRAINING_OPTIONS]);
  for (const name of ["context", "patch", "units", "season"] as const) {
    if (options[name] !== undefined) checkCount(WHERE, name, options[name]);
  }
  for (const name of ["targets", "known"] as const) checkNames(name, options[name]);
  for (const feature of options.calendar ?? []) checkChoice(WHERE, "calendar", feature, CALENDAR_FEATURES);
  const checked = {
    ...options,
    horizon: checkCount(WHERE, "horizon", options.horizon ?? 1),
    strategy: checkChoice(WHERE, "strategy", options.strategy ?? "direct", STRATEGIES),
    known: options.known ?? [],
    intervals: checkChoice(WHERE, "intervals", options.intervals ?? "quantile", INTERVALS),
    level: checkLevel(options.level ?? 0.8),
    loss: checkChoice(WHERE, "loss", options.loss ?? "squared", POINT_LOSSES),
    scaling: checkChoice(WHERE, "scaling", options.scaling ?? "standard", SCALINGS),
    windowScaling: checkChoice(WHERE, "windowScaling", options.windowScaling ?? "last", WINDOW_SCALINGS),
    cell: checkChoice(WHERE, "cell", options.cell ?? "gru", CELLS),
    layers: checkCount(WHERE, "layers", options.layers ?? 1),
    dropout: checkRate(WHERE, "dropout", options.dropout ?? 0.1),
    linear: options.linear ?? true,
    apart: options.apart ?? false,
  };
  if (options.loss !== undefined && checked.intervals !== "none") {
    throw problem(
      `\`loss\` is for a forecast without bounds, which \`intervals: "${checked.intervals}"\` have their own for; leave one out`,
    );
  }
  if (checked.strategy === "recursive" && checked.intervals === "quantile" && options.intervals !== undefined) {
    throw problem('quantiles of one step tell none of several; set intervals: "gaussian" or "none", or strategy: "direct"');
  }
  const drawn = options.loss === undefined ? "gaussian" : "none";
  const intervals = checked.strategy === "recursive" && options.intervals === undefined ? drawn : checked.intervals;
  if (options.level !== undefined && intervals === "none") {
    throw problem("`level` is for a forecast with bounds, and there are none; leave it out");
  }
  return { ...checked, intervals };
}

function checkNames(name: string, names: unknown): void {
  if (names === undefined || (Array.isArray(names) && names.every((column) => typeof column === "string"))) return;
  throw problem(`\`${name}\` must be an array of columns, received ${JSON.stringify(names)}`);
}

function checkLevel(level: number): number {
  if (level > 0 && level < 1) return level;
  throw problem(`\`level\` must be between 0 and 1, received ${level}`);
}

/** Fills in what depends on the data. */
export function settleOptions(checked: CheckedOptions, size: DataSize): ResolvedOptions {
  const { season } = size;
  const { horizon } = checked;
  const ahead = aheadOf(checked);
  const context =
    checked.context ?? Math.max(1, Math.min(Math.max(3 * season, 2 * horizon, 24), 336, Math.floor((size.steps - ahead) / 3)));
  const patch = checked.patch ?? (context <= 96 ? 1 : largestDivisor(context, Math.floor(context / 12)));
  if (context % patch !== 0) {
    throw problem(
      `\`patch\` must divide the context of ${context} steps, received ${patch}; set context: ${context - (context % patch) || patch}`,
    );
  }
  const windows = size.allSteps * size.windowsOfStep;
  const batchSize = windows < 1000 ? 16 : windows < 20_000 ? 32 : 64;
  const epochs = Math.max(10, Math.min(200, Math.ceil((5000 * (checked.batchSize ?? batchSize)) / Math.max(windows, 1))));
  const defaults = { epochs, batchSize, learningRate: 2e-3, patience: Math.max(3, Math.ceil(epochs / 10)) };
  return {
    ...checked,
    ...resolveTraining(WHERE, checked, defaults, "rows of its own"),
    context,
    patch,
    season,
    units: checked.units ?? (windows < 1000 ? 16 : windows < 5000 ? 32 : 64),
  };
}

/** Steps that the network itself foretells. */
export function aheadOf({ strategy, horizon }: Pick<CheckedOptions, "strategy" | "horizon">): number {
  return strategy === "recursive" ? 1 : horizon;
}

function largestDivisor(of: number, most: number): number {
  for (let divisor = most; divisor > 1; divisor--) if (of % divisor === 0) return divisor;
  return 1;
}

function problem(text: string): UnrolledError {
  return new UnrolledError("UNROLLED_VALUE", `${WHERE}: ${text}.`);
}
