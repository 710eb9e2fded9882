import { UnrolledError } from "../../errors.js";
import { type JsonObject, readJsonObject } from "../../files/json/object.js";
import { type ModelStore, readRequired } from "../../files/store.js";
import { CELLS } from "../cell-name.js";
import {
  LAYERS,
  loadWeights,
  readEpochs,
  readModelConfig,
  readRate,
  readTotals,
  UNITS,
  writeModelFiles,
} from "../model-files.js";
import { calendarFeatures } from "./calendar.js";
import { rolesOf } from "./channels.js";
import { INTERVALS, POINT_LOSSES } from "./intervals.js";
import { describe } from "./model-readme.js";
import { forecastNetwork } from "./network.js";
import { STRATEGIES } from "./options.js";
import { cutterOf, type ForecasterParts, type ForecasterTrainedWith, type ForecastPlan } from "./plan.js";
import { SCALINGS, Scaling } from "./scaling.js";
import type { Series } from "./series.js";
import { TIME_FORMS } from "./time.js";
import type { TimeStep } from "./time-step.js";
import { WINDOW_SCALINGS } from "./window-scaling.js";

/** The format of a saved model. It rises when a reader of the one before would misread it. */
const FORMAT = 1;
const COUNT = { min: 1, max: 2 ** 24 };

export async function writeForecaster(store: ModelStore, model: ForecasterParts): Promise<void> {
  const { network, plan, trainedWith, history, tail } = model;
  const { columns, step, form, channels, scaling, naiveErrors, residuals } = plan;
  await writeModelFiles(store, {
    format: FORMAT,
    task: "forecaster",
    config: {
      trainedWith,
      series: {
        ...{ columns, step, form },
        flagged: channels.flagged.map((column) => columns[column]),
        calendar: channels.calendar,
        means: scaling.columns.map(({ mean }) => mean),
        deviations: scaling.columns.map(({ deviation }) => deviation),
        // JSON has no NaN
        naiveErrors: naiveErrors.map((error) => (Number.isFinite(error) ? error : -1)),
        residuals,
      },
    },
    json: { "context.json": { series: tail.map((series) => seriesFields(series, columns)) } },
    network,
    history,
    readme: describe(model),
  });
}

function seriesFields({ group, start, values, length }: Series, columns: readonly string[]) {
  const rows = Array.from({ length }, (_, step) => step);
  return {
    ...(group === undefined ? {} : { group }),
    start,
    values: columns.map((_, column) => {
      const line = values[column] as Float64Array;
      return {
        present: rows.filter((step) => !Number.isNaN(line[step])),
        values: [...line].filter((value) => !Number.isNaN(value)),
      };
    }),
    length,
  };
}

/** @throws {UnrolledError} `UNROLLED_FILE` or `UNROLLED_STATE_DICT`, as `Forecaster.load`. */
export async function readForecaster(store: ModelStore): Promise<ForecasterParts> {
  const { config, source } = await readModelConfig(store, "forecaster", FORMAT);
  const trainedWith = readTrainedWith(config.object("trainedWith"), source);
  const plan = readPlan(config.object("series"), trainedWith, source);
  const totals = readTotals(config);
  config.finish();
  const tail = readTail(await readRequired(store, "context.json"), `${store.description}/context.json`, plan.columns);
  const network = forecastNetwork(cutterOf(trainedWith, plan).shape, trainedWith, trainedWith.seed);
  await loadWeights(store, network);
  return { network, plan, trainedWith, tail, history: { ...totals, epochs: await readEpochs(store) } };
}

function readTrainedWith(trained: JsonObject, source: string): ForecasterTrainedWith {
  const read = {
    targets: trained.array("targets", "string", { minLength: 1 }),
    known: trained.array("known", "string"),
    observed: trained.array("observed", "string"),
    horizon: trained.integer("horizon", COUNT),
    context: trained.integer("context", COUNT),
    patch: trained.integer("patch", COUNT),
    strategy: trained.oneOf("strategy", STRATEGIES),
    apart: trained.boolean("apart"),
    season: trained.integer("season", { min: 1 }),
    scaling: trained.oneOf("scaling", SCALINGS),
    windowScaling: trained.oneOf("windowScaling", WINDOW_SCALINGS),
    intervals: trained.oneOf("intervals", INTERVALS),
    level: trained.number("level", { min: Number.MIN_VALUE, max: 1 - Number.EPSILON / 2 }),
    loss: trained.oneOf("loss", POINT_LOSSES),
    cell: trained.oneOf("cell", CELLS),
    units: trained.integer("units", UNITS),
    layers: trained.integer("layers", LAYERS),
    dropout: readRate(trained, "dropout", source),
    linear: trained.boolean("linear"),
    batchSize: trained.integer("batchSize", { min: 1 }),
    optimizer: trained.string("optimizer"),
    learningRate: trained.number("learningRate", { min: 0 }),
    clipNorm: trained.number("clipNorm", { min: 0 }),
    seed: trained.integer("seed", { min: 0 }),
    trainSteps: trained.integer("trainSteps", { min: 0 }),
    validationSteps: trained.integer("validationSteps", { min: 0 }),
  };
  if (read.context % read.patch === 0) return read;
  throw new UnrolledError(
    "UNROLLED_FILE",
    `${source}: \`trainedWith.patch\` must divide the context of ${read.context}, received ${read.patch}.`,
  );
}

function readPlan(fields: JsonObject, { targets, known, scaling }: ForecasterTrainedWith, source: string): ForecastPlan {
  const columns = fields.array("columns", "string", { minLength: 1 });
  const numbers = { minLength: columns.length, maxLength: columns.length };
  const perTarget = { minLength: targets.length, maxLength: targets.length };
  const means = fields.array("means", "number", numbers);
  const deviations = fields.array("deviations", "number", { ...numbers, min: Number.MIN_VALUE });
  const flagged = fields.array("flagged", "string").map((column) => columns.indexOf(column));
  return {
    columns,
    step: readStep(fields.object("step")),
    form: fields.oneOf("form", TIME_FORMS),
    channels: {
      ...readRoles(columns, targets, known, source),
      flagged,
      calendar: calendarFeatures(fields.array("calendar", "string")),
    },
    scaling: new Scaling(
      means.map((mean, column) => {
        const log = scaling === "log" && targets.includes(columns[column] as string);
        return { mean, deviation: deviations[column] as number, log };
      }),
    ),
    naiveErrors: fields.array("naiveErrors", "number", perTarget).map((error) => (error < 0 ? Number.NaN : error)),
    residuals: fields.array("residuals", "number", { ...perTarget, min: Number.MIN_VALUE }),
  };
}

function readRoles(columns: readonly string[], targets: readonly string[], known: readonly string[], source: string) {
  try {
    return rolesOf(columns, targets, known);
  } catch (cause) {
    throw new UnrolledError("UNROLLED_FILE", `${source}: ${(cause as Error).message}`, { cause });
  }
}

function readStep(step: JsonObject): TimeStep {
  if (step.has("months")) return { months: step.integer("months", { min: 1 }) };
  return { length: step.number("length", { min: Number.MIN_VALUE }) };
}

function readTail(bytes: Uint8Array, source: string, columns: readonly string[]): Series[] {
  const file = readJsonObject(bytes, source);
  const series = file.array("series", "object", { minLength: 1 }).map((one) => {
    const length = one.integer("length", COUNT);
    const lines = one.array("values", "object", { minLength: columns.length, maxLength: columns.length });
    return {
      group: one.has("group") ? one.string("group") : undefined,
      start: one.number("start"),
      values: lines.map((line) => readLine(line, length)),
      length,
    };
  });
  file.finish();
  return series;
}

function readLine(line: JsonObject, length: number): Float64Array {
  const places = line.array("present", "integer", { min: 0, max: length - 1 });
  const values = line.array("values", "number", { minLength: places.length, maxLength: places.length });
  const all = new Float64Array(length).fill(Number.NaN);
  for (const [index, place] of places.entries()) all[place] = values[index] as number;
  return all;
}
