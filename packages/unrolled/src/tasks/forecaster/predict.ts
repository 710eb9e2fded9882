import type { Data } from "../../data/data.js";
import { UnrolledError } from "../../errors.js";
import { checkCount, checkKnown } from "../../layers/options.js";
import type { Seed } from "../../tensor/random.js";
import type { PreparedSeries } from "./channels.js";
import type { ScaledForecast } from "./intervals.js";
import { cutterOf, type ForecasterParts, intervalFor, preparedFor } from "./plan.js";
import { foretellStepByStep } from "./recursion.js";
import { WINDOWS_AT_ONCE } from "./residuals.js";
import type { ForecastRow } from "./rows.js";
import { type Series, type SeriesSet, seriesOf } from "./series.js";
import { type TimeValue, writeTime } from "./time.js";
import { stepFrom, stepsBetween } from "./time-step.js";

/** What is foretold, and from what besides the rows. */
export interface PredictOptions {
  /** How many steps. Default: the horizon that the model was trained for, which is the most with the strategy `direct`. */
  horizon?: number;
  /** Rows after the last ones, with what is known in advance; needed where the model has such columns, and for these alone. */
  future?: Data<ForecastRow>;
  /** With `recursive` and bounds: how many possible futures are drawn for each series. Default: 200. */
  samples?: number;
  /** Of these. Default: 0. */
  seed?: Seed;
}

/** What a model foretells for one step of a series. */
export interface ForecastStep {
  /** Where rows have groups. */
  group?: string;
  /** As the rows' times are written. */
  time: TimeValue;
  /** By target. */
  values: Record<string, number>;
  /** Below what the truth lies as rarely as above `upper`, by target; of models with bounds. */
  lower?: Record<string, number>;
  /** As often above as below `lower`, by target; of models with bounds. */
  upper?: Record<string, number>;
}

/** A series that is to be foretold: all that is read of it, and room behind. */
export interface Beginning {
  readonly series: PreparedSeries;
  /** The first step to foretell. */
  readonly origin: number;
}

/** By step and then target, in scaled units. */
export type ScaledSteps = readonly (readonly ScaledForecast[])[];

const WHERE = "Forecaster.predict";

/** @throws {UnrolledError} as `Forecaster.predict`. */
export async function predictSteps(
  parts: ForecasterParts,
  data: Data<ForecastRow> | undefined,
  options: PredictOptions,
): Promise<ForecastStep[]> {
  checkKnown(WHERE, options, ["horizon", "future", "samples", "seed"]);
  checkOfUse(parts, options);
  const { plan, trainedWith } = parts;
  const horizon = checkCount(WHERE, "horizon", options.horizon ?? trainedWith.horizon);
  const isDirect = trainedWith.strategy === "direct";
  if (isDirect && horizon > trainedWith.horizon) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${WHERE}: \`horizon\` is at most ${trainedWith.horizon}, what the model was trained for, received ${horizon}; train it with horizon: ${horizon}, ` +
        'or with strategy: "recursive" for any.',
    );
  }
  const given = data && (await seriesOf(data, WHERE, plan));
  const past = given?.series ?? parts.tail;
  const room = isDirect ? trainedWith.horizon : horizon;
  const future = options.future && (await seriesOf(options.future, `${WHERE}: future`, plan));
  const beginnings = past.map((series) => {
    checkContext(parts, series);
    return { series: preparedFor(plan, withRoom(parts, series, future, room, horizon)), origin: series.length };
  });
  const steps = isDirect ? foretellAtOnce(parts, beginnings) : foretellStepByStep(parts, beginnings, horizon, options);
  return beginnings.flatMap(({ series, origin }, index) =>
    (steps[index] as ScaledSteps).slice(0, horizon).map((scaled, ahead) => answer(parts, series.series, origin + ahead, scaled)),
  );
}

/** @throws {UnrolledError} `UNROLLED_VALUE` for an option that says nothing to such a model. */
function checkOfUse({ plan, trainedWith: { strategy, intervals } }: ForecasterParts, options: PredictOptions): void {
  const draws = strategy === "recursive" && intervals !== "none";
  const drawing = draws ? undefined : (["samples", "seed"] as const).find((name) => options[name] !== undefined);
  if (drawing) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${WHERE}: \`${drawing}\` is for models of the strategy "recursive" with bounds, which draw possible futures, and this one draws none; leave it out.`,
    );
  }
  if (options.future === undefined || plan.channels.known.length > 0) return;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `${WHERE}: \`future\` is for models that were trained with columns known in advance, and this one has none; leave it out.`,
  );
}

function checkContext({ trainedWith: { context } }: ForecasterParts, { length, group }: Series): void {
  if (length >= context) return;
  const whose = group === undefined ? "" : ` of group ${JSON.stringify(group)}`;
  throw new UnrolledError(
    "UNROLLED_DATA",
    `${WHERE}: the model reads ${context} steps before it foretells, received ${length}${whose}; give more rows, or leave them out to go on from ` +
      "those that it was trained on.",
  );
}

/** A series with steps to come behind it, of which only what is known in advance is there. */
function withRoom(parts: ForecasterParts, series: Series, future: SeriesSet | undefined, room: number, horizon: number): Series {
  const { plan } = parts;
  const length = series.length + room;
  const values = series.values.map((line) => {
    const longer = new Float64Array(length).fill(Number.NaN);
    longer.set(line);
    return longer;
  });
  const ahead = future?.series.find(({ group }) => group === series.group);
  const first = ahead ? stepsBetween(series.start, ahead.start, plan.step) : 0;
  for (const column of plan.channels.known) {
    for (let step = series.length; step < length; step++) {
      const value = ahead?.values[column]?.[step - first] ?? Number.NaN;
      (values[column] as Float64Array)[step] = value;
      if (Number.isNaN(value) && step < series.length + horizon) throw unknownFuture(parts, series, column, step);
    }
  }
  return { ...series, values, length };
}

function unknownFuture({ plan }: ForecasterParts, { start, group }: Series, column: number, step: number): UnrolledError {
  const time = JSON.stringify(writeTime(stepFrom(start, plan.step, step), plan.form));
  const whose = group === undefined ? "" : ` of group ${JSON.stringify(group)}`;
  return new UnrolledError(
    "UNROLLED_DATA",
    `${WHERE}: the model was trained with \`${plan.columns[column]}\` known in advance, but \`future\` has no value for it at ${time}${whose}; give a row ` +
      "for each step to foretell.",
  );
}

/** The network's own horizon. */
function foretellAtOnce(parts: ForecasterParts, beginnings: readonly Beginning[]): ScaledSteps[] {
  const { network, plan, trainedWith } = parts;
  const cutter = cutterOf(trainedWith, plan);
  const interval = intervalFor(trainedWith);
  const { apart } = trainedWith;
  const { horizon } = cutter.shape;
  const targets = plan.channels.targets.length;
  const perSeries = apart ? targets : 1;
  const places = beginnings.flatMap(({ series, origin }) =>
    Array.from({ length: perSeries }, (_, target) => ({ series, origin, target })),
  );
  const steps = beginnings.map(() =>
    Array.from({ length: horizon }, () =>
      Array.from({ length: targets }, (): ScaledForecast => ({ value: 0, lower: 0, upper: 0 })),
    ),
  );
  for (let first = 0; first < places.length; first += WINDOWS_AT_ONCE) {
    const some = places.slice(first, first + WINDOWS_AT_ONCE);
    const { data } = network.apply(cutter.inputs(some));
    const size = data.length / some.length;
    for (const [index, { target }] of some.entries()) {
      const own = steps[Math.floor((first + index) / perSeries)] as ScaledForecast[][];
      for (let number = 0; number < horizon * cutter.layout.targets; number++) {
        const ahead = Math.floor(number / cutter.layout.targets);
        const which = apart ? target : number % cutter.layout.targets;
        interval.read(data, index * size + number * interval.outputs, own[ahead]?.[which] as ScaledForecast);
      }
    }
  }
  return steps;
}

/** A step in the targets' units. */
export function answer(
  { plan, trainedWith }: ForecasterParts,
  series: Series,
  step: number,
  scaled: readonly ScaledForecast[],
): ForecastStep {
  const { targets } = plan.channels;
  const named = (pick: keyof ScaledForecast) =>
    Object.fromEntries(
      targets.map((column, index) => [plan.columns[column], plan.scaling.unscaled(column, scaled[index]?.[pick] as number)]),
    );
  return {
    ...(series.group === undefined ? {} : { group: series.group }),
    time: writeTime(stepFrom(series.start, plan.step, step), plan.form),
    values: named("value"),
    ...(trainedWith.intervals === "none" ? {} : { lower: named("lower"), upper: named("upper") }),
  };
}
