import { checkCount } from "../../layers/options.js";
import { checkSeed, RandomStream, type Seed } from "../../tensor/random.js";
import type { PreparedSeries } from "./channels.js";
import type { ScaledForecast } from "./intervals.js";
import { cutterOf, type ForecasterParts } from "./plan.js";
import type { Beginning, ScaledSteps } from "./predict.js";
import { WINDOWS_AT_ONCE } from "./residuals.js";
import type { WindowPlace } from "./windows.js";

/** What is drawn, where a forecast has bounds. */
interface Draws {
  readonly samples?: number;
  readonly seed?: Seed;
}

/**
 * Step by step, each from those that were foretold before. Bounds come from many possible futures, in each of which every step is drawn from the
 * normal distribution that the network gives for it (Salinas et al. 2020); the value is their mean.
 */
export function foretellStepByStep(
  parts: ForecasterParts,
  beginnings: readonly Beginning[],
  horizon: number,
  { samples = 200, seed = 0 }: Draws,
): ScaledSteps[] {
  const hasBounds = parts.trainedWith.intervals !== "none";
  const count = hasBounds ? checkCount("Forecaster.predict", "samples", samples) : 1;
  const random = hasBounds ? new RandomStream(checkSeed(seed), "sampling") : undefined;
  return beginnings.map((beginning) => {
    const paths = Array.from({ length: count }, () => copied(beginning, parts.trainedWith.context));
    for (let ahead = 0; ahead < horizon; ahead++) takeStep(parts, paths, ahead, random);
    return Array.from({ length: horizon }, (_, ahead) => judge(parts, paths, ahead));
  });
}

/** A future of its own. */
function copied({ series, origin }: Beginning, context: number): Beginning {
  const width = series.series.values.length;
  const moments = series.calendar.length / series.series.length;
  const first = origin - context;
  return {
    series: {
      series: { ...series.series, length: series.series.length - first },
      scaled: series.scaled.slice(first * width),
      present: series.present.slice(first * width),
      calendar: series.calendar.slice(first * moments),
    },
    origin: context,
  };
}

/** Foretells one step of every path, and lets it be read from then on. */
function takeStep(parts: ForecasterParts, paths: readonly Beginning[], ahead: number, random: RandomStream | undefined): void {
  const { network, plan, trainedWith } = parts;
  const cutter = cutterOf(trainedWith, plan);
  const { outputs, logVariance } = cutter.shape;
  const { targets } = plan.channels;
  const perPath = trainedWith.apart ? targets.length : 1;
  const places = paths.flatMap(({ series, origin }) =>
    Array.from({ length: perPath }, (_, target): WindowPlace => ({ series, origin: origin + ahead, target })),
  );
  for (let first = 0; first < places.length; first += WINDOWS_AT_ONCE) {
    const some = places.slice(first, first + WINDOWS_AT_ONCE);
    const { data } = network.apply(cutter.inputs(some));
    for (const [index, { series, origin, target }] of some.entries()) {
      const own = trainedWith.apart ? [targets[target] as number] : targets;
      for (const [number, column] of own.entries()) {
        const at = (index * own.length + number) * outputs;
        const mean = data[at] as number;
        const spread = logVariance === undefined ? 0 : Math.exp((data[at + logVariance] as number) / 2);
        write(series, origin, column, random ? mean + spread * random.normal() : mean);
      }
    }
  }
}

function write({ scaled, present, series }: PreparedSeries, step: number, column: number, value: number): void {
  scaled[step * series.values.length + column] = value;
  present[step * series.values.length + column] = 1;
}

/** What all paths together say of a step. */
function judge({ plan, trainedWith }: ForecasterParts, paths: readonly Beginning[], ahead: number): ScaledForecast[] {
  const { level } = trainedWith;
  return plan.channels.targets.map((column) => {
    const drawn = Float64Array.from(paths, ({ series, origin }) => {
      return series.scaled[(origin + ahead) * series.series.values.length + column] as number;
    }).sort();
    const value = drawn.reduce((sum, number) => sum + number, 0) / drawn.length;
    return { value, lower: quantileOf(drawn, (1 - level) / 2), upper: quantileOf(drawn, (1 + level) / 2) };
  });
}

/** Between the two neighbours, of sorted numbers. */
function quantileOf(sorted: Float64Array, probability: number): number {
  const place = probability * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] as number, sorted[Math.ceil(place)] as number];
  return below + (above - below) * (place - Math.floor(place));
}
