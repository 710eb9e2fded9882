import type { ColumnChoice } from "@unrolled/data";
import type { ForecasterOptions, ForecastStrategy, IntervalName, ScalingName, WindowScaling } from "unrolled/tasks";
import type { ColumnArguments } from "../examples/open-records.js";
import { givenOptions } from "../given-options.js";
import type { TrainOptions } from "../training/options.js";
import { sharedTaskOptions } from "../training/task-options.js";

/** What `train forecaster` can be told. */
export interface ForecasterTrainOptions extends TrainOptions, ColumnArguments {
  known?: string[];
  horizon?: number;
  context?: number;
  season?: number;
  strategy?: ForecastStrategy;
  apart?: true;
  scaling?: ScalingName;
  windowScaling?: WindowScaling;
  intervals?: IntervalName;
  level?: number;
  patience?: number;
  svg?: string;
}

/** The task's options for what the command line says; what it doesn't say, the task chooses by the data. */
export function forecasterOptions(options: ForecasterTrainOptions, columns: ColumnChoice, seed: number): ForecasterOptions {
  const { known, horizon, context, season, strategy, apart, scaling, windowScaling, intervals, level, dropout, patience } =
    options;
  return {
    ...sharedTaskOptions(options),
    ...givenOptions({ known, horizon, context, season, strategy, apart, scaling, windowScaling, intervals, level }),
    ...givenOptions({ dropout, patience }),
    targets: columns.target,
    seed,
  };
}

/** Columns known in advance are read as well. */
export function columnArguments({ input = [], known = [], target, time, group }: ForecasterTrainOptions): ColumnArguments {
  const read = [...new Set([...input, ...known])];
  return givenOptions({ input: read.length > 0 ? read : undefined, target, time, group });
}
