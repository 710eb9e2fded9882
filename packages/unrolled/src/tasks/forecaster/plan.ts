import type { TrainingHistory } from "../../training/history.js";
import { type Channels, type PreparedSeries, prepare } from "./channels.js";
import { type Interval, type IntervalName, intervalOf, type PointLoss } from "./intervals.js";
import type { ForecastNetwork } from "./network.js";
import type { ForecasterArchitecture, ForecastStrategy } from "./options.js";
import type { Scaling, ScalingName } from "./scaling.js";
import type { Series, SeriesShape } from "./series.js";
import type { WindowScaling } from "./window-scaling.js";
import { WindowCutter } from "./windows.js";

/** What a forecaster was made and trained with. */
export interface ForecasterTrainedWith extends ForecasterArchitecture {
  /** Columns that are foretold. */
  readonly targets: readonly string[];
  /** Columns that are known in advance. */
  readonly known: readonly string[];
  /** Columns that are read only. */
  readonly observed: readonly string[];
  /** Steps that are foretold; with `recursive` those that are where `predict` isn't told. */
  readonly horizon: number;
  /** Steps that are read. */
  readonly context: number;
  /** Steps that are read at once. */
  readonly patch: number;
  /** How several steps are foretold. */
  readonly strategy: ForecastStrategy;
  /** Whether each target is read by itself. */
  readonly apart: boolean;
  /** After how many steps the series repeats itself. */
  readonly season: number;
  /** How columns are scaled. */
  readonly scaling: ScalingName;
  /** What each window is brought to. */
  readonly windowScaling: WindowScaling;
  /** Where bounds come from. */
  readonly intervals: IntervalName;
  /** How much of the truth shall lie within the bounds. */
  readonly level: number;
  /** What was made small where there are no bounds. */
  readonly loss: PointLoss;
  /** Windows of a step. */
  readonly batchSize: number;
  /** What changed the weights: `adam`, `sgd`, … */
  readonly optimizer: string;
  /** The optimizer's. */
  readonly learningRate: number;
  /** Global norm that gradients were scaled down to. */
  readonly clipNorm: number;
  /** Of initial weights, dropout and the order of windows. */
  readonly seed: number;
  /** Steps of time trained on, of all series. */
  readonly trainSteps: number;
  /** Steps of time validated on. */
  readonly validationSteps: number;
}

/** What is known of the series of a model. */
export interface ForecastPlan extends SeriesShape {
  readonly channels: Channels;
  readonly scaling: Scaling;
  /** The mean absolute error of the seasonal naive forecast on what was trained on, by target. */
  readonly naiveErrors: readonly number[];
  /** The deviation of the error one step ahead on what was validated on, by target, in scaled units; 1 until it is known. */
  readonly residuals: readonly number[];
}

/** What a forecaster consists of. */
export interface ForecasterParts {
  readonly network: ForecastNetwork;
  readonly plan: ForecastPlan;
  readonly trainedWith: ForecasterTrainedWith;
  readonly history: TrainingHistory;
  /** The last steps of each series that it was trained or validated on, enough to go on from. */
  readonly tail: readonly Series[];
}

/** How the windows of a model are cut. */
export function cutterOf(trainedWith: ForecasterTrainedWith, { channels }: ForecastPlan): WindowCutter {
  const { context, horizon, patch, apart, windowScaling, strategy } = trainedWith;
  const { outputs, logVariance } = intervalFor(trainedWith);
  const ahead = strategy === "recursive" ? 1 : horizon;
  return new WindowCutter({ context, horizon: ahead, patch, apart, windowScaling, outputs, logVariance, channels });
}

/** What the outputs of a model's network mean. */
export function intervalFor({ intervals, level, loss }: ForecasterTrainedWith): Interval {
  return intervalOf(intervals, level, loss);
}

/** A series as a model's network reads it. */
export function preparedFor({ step, scaling, channels }: ForecastPlan, series: Series): PreparedSeries {
  return prepare(series, step, scaling, channels.calendar);
}
