import type { EngineName } from "../engine/engine.js";
import type { JsonObject } from "../files/json/object.js";
import type { EarlyStoppingState } from "./early-stopping.js";
import type { EpochRecord } from "./history.js";
import type { MetricValues } from "./metrics/metric-means.js";
import type { PlateauState } from "./schedules/reduce-on-plateau.js";
import type { WatchState } from "./watch.js";

/** The numbers of a checkpoint that are not tensors. */
export interface TrainingPosition {
  /** The build that computed (`relaxed` for `wide` too, which gives the same bits); another one gives other bits. */
  readonly engine: string;
  /** By its name. */
  readonly optimizer: string;
  /** From 1: the epoch at hand. */
  readonly epoch: number;
  /** How many of its batches are done. */
  readonly batch: number;
  /** Optimizer steps taken. */
  readonly step: number;
  /** Steps left out because the gradient was not finite. */
  readonly skippedSteps: number;
  /** The last ones of them, one after another. */
  readonly skippedInARow: number;
  /** Exponential mean of the loss. */
  readonly meanLoss: number;
  /** Σ w·loss of the epoch at hand. */
  readonly epochLoss: number;
  /** Σ w of the epoch at hand. */
  readonly epochWeight: number;
  /** Metrics of the training data. */
  readonly metricNames: readonly string[];
  /** Σ w·value of each, of the epoch at hand. */
  readonly metricSums: readonly number[];
  /** Σ w of them. */
  readonly metricWeight: number;
  /** The newest validation loss. */
  readonly validationLoss: number | undefined;
  /** The newest metrics of the validation data. */
  readonly validationMetrics: MetricValues | undefined;
  /** With `earlyStopping`. */
  readonly stopping: EarlyStoppingState | undefined;
  /** With `reduceOnPlateau`. */
  readonly plateau: PlateauState | undefined;
  /** Since training began. */
  readonly seconds: number;
  /** Those that are over. */
  readonly epochs: readonly EpochRecord[];
  /** Draws so far of each random stream of the network. */
  readonly draws: readonly number[];
  /** Updates so far of each parameter. */
  readonly updates: readonly number[];
  /** Sequences whose states are carried; 0 where none are. */
  readonly sequences: number;
}

/** The build that stands for all that give the same bits. */
export function buildOfBits(engine: EngineName): EngineName {
  return engine === "wide" ? "relaxed" : engine;
}

/** Before the first step. */
export function firstPosition(engine: EngineName, optimizer: string): TrainingPosition {
  return {
    engine: buildOfBits(engine),
    optimizer,
    epoch: 1,
    batch: 0,
    step: 0,
    skippedSteps: 0,
    skippedInARow: 0,
    meanLoss: 0,
    epochLoss: 0,
    epochWeight: 0,
    metricNames: [],
    metricSums: [],
    metricWeight: 0,
    validationLoss: undefined,
    validationMetrics: undefined,
    stopping: undefined,
    plateau: undefined,
    seconds: 0,
    epochs: [],
    draws: [],
    updates: [],
    sequences: 0,
  };
}

/** A position as JSON's values. JSON has no NaN: sums are written as text, and a measured value that is none is left out. */
export function positionToJson({ metricSums, ...position }: TrainingPosition): object {
  const text = JSON.stringify(position, (_name, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? undefined : value,
  );
  return { ...(JSON.parse(text) as object), metricSums: metricSums.map(String) };
}

/** @throws {UnrolledError} `UNROLLED_FILE` where a field is missing or not what it should be. */
export function positionFromJson(file: JsonObject): TrainingPosition {
  const count = { min: 0 };
  return {
    engine: file.string("engine"),
    optimizer: file.string("optimizer"),
    epoch: file.integer("epoch", { min: 1 }),
    batch: file.integer("batch", count),
    step: file.integer("step", count),
    skippedSteps: file.integer("skippedSteps", count),
    skippedInARow: file.integer("skippedInARow", count),
    meanLoss: file.number("meanLoss"),
    epochLoss: file.number("epochLoss"),
    epochWeight: file.number("epochWeight", count),
    metricNames: file.array("metricNames", "string"),
    metricSums: file.array("metricSums", "string").map(Number),
    metricWeight: file.number("metricWeight", count),
    validationLoss: file.has("validationLoss") ? file.number("validationLoss") : undefined,
    validationMetrics: file.has("validationMetrics") ? metricValues(file.object("validationMetrics")) : undefined,
    stopping: file.has("stopping") ? stoppingState(file.object("stopping")) : undefined,
    plateau: file.has("plateau") ? plateauState(file.object("plateau")) : undefined,
    seconds: file.number("seconds", count),
    epochs: file.array("epochs", "object").map(epochRecord),
    draws: file.array("draws", "integer", count),
    updates: file.array("updates", "integer", count),
    sequences: file.integer("sequences", count),
  };
}

/** Reads what an epoch came to. */
export function epochRecord(record: JsonObject): EpochRecord {
  const count = { min: 0 };
  return {
    epoch: record.integer("epoch", { min: 1 }),
    step: record.integer("step", count),
    loss: record.number("loss"),
    ...(record.has("metrics") ? { metrics: metricValues(record.object("metrics")) } : {}),
    ...(record.has("validationLoss") ? { validationLoss: record.number("validationLoss") } : {}),
    ...(record.has("validationMetrics") ? { validationMetrics: metricValues(record.object("validationMetrics")) } : {}),
    seconds: record.number("seconds", count),
  };
}

function metricValues(values: JsonObject): MetricValues {
  return Object.fromEntries(values.fields().map((name) => [name, values.number(name)]));
}

function watchState(state: JsonObject): WatchState {
  return {
    best: state.has("best") ? state.number("best") : undefined,
    bestLoss: state.has("bestLoss") ? state.number("bestLoss") : undefined,
    waited: state.integer("waited", { min: 0 }),
  };
}

function stoppingState(state: JsonObject): EarlyStoppingState {
  return { ...watchState(state), epoch: state.integer("epoch", { min: 0 }), step: state.integer("step", { min: 0 }) };
}

function plateauState(state: JsonObject): PlateauState {
  return { ...watchState(state), factor: state.number("factor", { min: 0, max: 1 }) };
}
