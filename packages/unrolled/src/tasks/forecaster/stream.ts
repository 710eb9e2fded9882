import { UnrolledError } from "../../errors.js";
import { writeCalendar } from "./calendar.js";
import type { PreparedSeries } from "./channels.js";
import type { Interval, ScaledForecast } from "./intervals.js";
import { cutterOf, type ForecasterParts, intervalFor } from "./plan.js";
import { answer, type ForecastStep } from "./predict.js";
import type { ForecastRow } from "./rows.js";
import { checkedValue, checkRow } from "./series.js";
import { readTime } from "./time.js";
import { describeStep, stepFrom, stepsBetween } from "./time-step.js";
import type { WindowCutter } from "./windows.js";

/** What a stream says to a reading. */
export interface StreamAnswer {
  /**
   * How unexpected the reading is, the mean over its targets: of a model with normal distributions the negative logarithm of its likelihood, in
   * nats and scaled units; of others its distance from what was expected, in the deviations to be expected. undefined while the stream has
   * read too little, or where all targets are missing.
   */
  score: number | undefined;
  /** The same, by target. */
  scores: Record<string, number>;
  /** What the reading was expected to be; undefined while the stream has read too little. */
  expected: ForecastStep | undefined;
  /** What the next one is expected to be; undefined while the stream has read too little. */
  next: ForecastStep | undefined;
}

/** What is expected of the next step, by target. */
interface Expectation {
  readonly scaled: readonly ScaledForecast[];
  readonly deviations: readonly number[];
  readonly step: ForecastStep;
}

const WHERE = "Forecaster.stream";

/** A forecaster that reads one step at a time, in constant memory: it keeps as many steps as the network reads, and one more. */
export class ForecasterStream {
  readonly #parts: ForecasterParts;
  readonly #cutter: WindowCutter;
  readonly #interval: Interval;
  /** Twice the context, so that the older half is dropped only now and then, and one step to foretell. */
  readonly #kept: PreparedSeries;
  /** The last value of each column, scaled. */
  readonly #last: Float64Array;
  /** The place of the first reading on the axis of time. */
  #start: number | undefined;
  /** Steps since then. */
  #steps = 0;
  /** Steps that are kept. */
  #length = 0;
  #expectation: Expectation | undefined;

  /** @internal */
  constructor(parts: ForecasterParts) {
    const { context } = parts.trainedWith;
    const { columns, channels } = parts.plan;
    if (channels.known.length > 0) {
      const names = channels.known.map((column) => columns[column]).join(", ");
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `${WHERE}: the model reads ${names} of the step to come, which a stream doesn't have; use predict.`,
      );
    }
    this.#parts = parts;
    this.#cutter = cutterOf(parts.trainedWith, parts.plan);
    this.#interval = intervalFor(parts.trainedWith);
    const room = 2 * context + this.#cutter.shape.horizon;
    this.#last = new Float64Array(columns.length);
    this.#kept = {
      series: { group: undefined, start: 0, values: columns.map(() => new Float64Array(0)), length: room },
      scaled: new Float32Array(room * columns.length),
      present: new Uint8Array(room * columns.length),
      calendar: new Float32Array(room * 2 * channels.calendar.length),
    };
  }

  /**
   * Reads a step. Steps that were left out since the one before count as missing.
   *
   * @throws {UnrolledError} `UNROLLED_DATA` where the row is none, its time isn't after the one before, or stands between two steps.
   */
  step(row: ForecastRow): StreamAnswer {
    const { columns } = this.#parts.plan;
    checkRow(row, WHERE);
    const values = columns.map((column) => checkedValue(row.values[column] ?? null, column, WHERE));
    const left = this.#stepsLeftOut(row);
    for (let step = 0; step < left; step++) this.#push(undefined);
    if (left > 0) this.#look();
    const expectation = this.#expectation;
    const scores = this.#scoresOf(values, expectation);
    this.#push(values);
    this.#look();
    const each = Object.values(scores);
    return {
      score: each.length === 0 ? undefined : each.reduce((sum, score) => sum + score, 0) / each.length,
      scores,
      expected: expectation?.step,
      next: this.#expectation?.step,
    };
  }

  /** Begins anew, as if nothing had been read. */
  reset(): void {
    this.#start = undefined;
    this.#steps = 0;
    this.#length = 0;
    this.#expectation = undefined;
    this.#last.fill(0);
  }

  #stepsLeftOut(row: ForecastRow): number {
    const { step, form } = this.#parts.plan;
    const { at, form: own } = readTime(row.time, WHERE);
    if ((own === "number") !== (form === "number")) {
      const trained = form === "number" ? "numbers" : "moments";
      throw new UnrolledError(
        "UNROLLED_DATA",
        `${WHERE}: the model was trained on times that are ${trained}, received ${JSON.stringify(row.time)}.`,
      );
    }
    this.#start ??= at;
    const place = stepsBetween(this.#start, at, step);
    if (Number.isInteger(place) && place >= this.#steps) return this.#skip(place - this.#steps);
    const last = this.#steps - 1;
    throw new UnrolledError(
      "UNROLLED_DATA",
      `${WHERE}: times must rise in steps of ${describeStep(step, form !== "number")}, received ${JSON.stringify(row.time)} ` +
        `${Number((place - last).toFixed(3))} steps after the reading before; call reset() to begin anew.`,
    );
  }

  /** Of a long pause only as many steps are kept as the network reads. */
  #skip(count: number): number {
    const most = this.#parts.trainedWith.context;
    if (count <= most) return count;
    this.#steps += count - most;
    return most;
  }

  #push(values: readonly number[] | undefined): void {
    const { plan, trainedWith } = this.#parts;
    const { scaled, present, calendar } = this.#kept;
    const { context } = trainedWith;
    const width = plan.columns.length;
    const moments = 2 * plan.channels.calendar.length;
    if (this.#length === 2 * context) {
      scaled.copyWithin(0, context * width, 2 * context * width);
      present.copyWithin(0, context * width, 2 * context * width);
      calendar.copyWithin(0, context * moments, 2 * context * moments);
      this.#length = context;
    }
    for (let column = 0; column < width; column++) {
      const value = values?.[column] ?? Number.NaN;
      const isThere = !Number.isNaN(value);
      if (isThere) this.#last[column] = plan.scaling.scaled(column, value);
      scaled[this.#length * width + column] = this.#last[column] as number;
      present[this.#length * width + column] = isThere ? 1 : 0;
    }
    if (moments > 0) {
      writeCalendar(
        stepFrom(this.#start as number, plan.step, this.#steps),
        plan.channels.calendar,
        calendar,
        this.#length * moments,
      );
    }
    this.#length++;
    this.#steps++;
  }

  /** Foretells the next step. */
  #look(): void {
    const { network, plan, trainedWith } = this.#parts;
    this.#expectation = undefined;
    if (this.#length < trainedWith.context) return;
    const { targets } = plan.channels;
    const places = Array.from({ length: trainedWith.apart ? targets.length : 1 }, (_, target) => {
      return { series: this.#kept, origin: this.#length, target };
    });
    const { data } = network.apply(this.#cutter.inputs(places));
    const scaled = targets.map((): ScaledForecast => ({ value: 0, lower: 0, upper: 0 }));
    const size = data.length / places.length;
    const deviations = scaled.map((forecast, index) => {
      const at = trainedWith.apart ? index * size : index * this.#interval.outputs;
      this.#interval.read(data, at, forecast);
      return this.#interval.deviation(data, at) ?? (plan.residuals[index] as number);
    });
    const series = { ...this.#kept.series, start: this.#start as number };
    this.#expectation = { scaled, deviations, step: answer(this.#parts, series, this.#steps, scaled) };
  }

  #scoresOf(values: readonly number[], expectation: Expectation | undefined): Record<string, number> {
    const { plan, trainedWith } = this.#parts;
    if (!expectation) return {};
    const scores = plan.channels.targets.flatMap((column, index): [string, number][] => {
      const value = values[column] as number;
      if (Number.isNaN(value)) return [];
      const deviation = expectation.deviations[index] as number;
      const z = Math.abs(plan.scaling.scaled(column, value) - (expectation.scaled[index] as ScaledForecast).value) / deviation;
      const isLikelihood = trainedWith.intervals === "gaussian";
      return [[plan.columns[column] as string, isLikelihood ? Math.log(deviation) + (z * z + Math.log(2 * Math.PI)) / 2 : z]];
    });
    return Object.fromEntries(scores);
  }
}
