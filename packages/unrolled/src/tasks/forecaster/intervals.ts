import { gaussianLikelihood } from "../../training/losses/gaussian-likelihood.js";
import { huber } from "../../training/losses/huber.js";
import type { Loss } from "../../training/losses/loss.js";
import { meanAbsoluteError } from "../../training/losses/mean-absolute-error.js";
import { meanSquaredError } from "../../training/losses/mean-squared-error.js";
import { quantile } from "../../training/losses/quantile.js";
import { normalQuantile } from "./normal.js";

/** Where a forecast's bounds come from: quantiles that are learned, a normal distribution whose mean and variance are, or there are none. */
export type IntervalName = "quantile" | "gaussian" | "none";

export const INTERVALS: readonly IntervalName[] = ["quantile", "gaussian", "none"];

/** What is made small where there is no interval. */
export type PointLoss = "squared" | "absolute" | "huber";

export const POINT_LOSSES: readonly PointLoss[] = ["squared", "absolute", "huber"];

/** A forecast of one number, in scaled units; NaN for bounds where there are none. */
export interface ScaledForecast {
  value: number;
  lower: number;
  upper: number;
}

/** What the network's outputs for a number mean. */
export interface Interval {
  readonly loss: Loss;
  /** How many there are. */
  readonly outputs: number;
  readonly logVariance: number | undefined;
  /** Reads those that begin at a place into `out`. */
  read(outputs: ArrayLike<number>, at: number, out: ScaledForecast): void;
  /** The standard deviation that they mean; undefined where they tell none. */
  deviation(outputs: ArrayLike<number>, at: number): number | undefined;
}

const LEAST_DEVIATION = 1e-6;

/** @param level how much of the truth shall lie between the bounds */
export function intervalOf(name: IntervalName, level: number, pointLoss: PointLoss): Interval {
  if (name === "quantile") return quantiles(level);
  if (name === "gaussian") return gaussian(level);
  const loss = { squared: meanSquaredError, absolute: meanAbsoluteError, huber }[pointLoss]();
  return {
    loss,
    outputs: 1,
    logVariance: undefined,
    read(outputs, at, out) {
      out.value = outputs[at] as number;
      out.lower = out.upper = Number.NaN;
    },
    deviation: () => undefined,
  };
}

function quantiles(level: number): Interval {
  const bounds = 2 * normalQuantile((1 + level) / 2);
  return {
    loss: quantile({ quantiles: [(1 - level) / 2, 0.5, (1 + level) / 2] }),
    outputs: 3,
    logVariance: undefined,
    // learned each by itself, they may cross
    read(outputs, at, out) {
      const [low, middle, high] = [outputs[at] as number, outputs[at + 1] as number, outputs[at + 2] as number];
      out.value = middle;
      out.lower = Math.min(low, middle, high);
      out.upper = Math.max(low, middle, high);
    },
    deviation: (outputs, at) =>
      Math.max(Math.abs((outputs[at + 2] as number) - (outputs[at] as number)) / bounds, LEAST_DEVIATION),
  };
}

function gaussian(level: number): Interval {
  const bound = normalQuantile((1 + level) / 2);
  const deviation = (outputs: ArrayLike<number>, at: number) =>
    Math.max(Math.exp((outputs[at + 1] as number) / 2), LEAST_DEVIATION);
  return {
    loss: gaussianLikelihood(),
    outputs: 2,
    logVariance: 1,
    read(outputs, at, out) {
      const reach = bound * deviation(outputs, at);
      out.value = outputs[at] as number;
      out.lower = out.value - reach;
      out.upper = out.value + reach;
    },
    deviation,
  };
}
