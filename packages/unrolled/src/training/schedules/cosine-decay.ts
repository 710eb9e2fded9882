import { checkCount, checkKnown } from "../../layers/options.js";
import { checkRange } from "../optimizers/optimizer.js";
import type { Schedule } from "./schedule.js";

/** How far the learning rate falls, and how fast. */
export interface CosineDecayOptions {
  /** Steps until the learning rate is at its lowest, where it stays. */
  steps: number;
  /** The lowest factor, from 0 to below 1. Default: 0. */
  floor?: number;
}

/**
 * A learning rate that falls along half a cosine (Loshchilov & Hutter 2017, without restarts):
 * floor + (1 − floor)·½(1 + cos(π·step / steps)).
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function cosineDecay(options: CosineDecayOptions): Schedule {
  checkKnown("cosineDecay", options, ["steps", "floor"]);
  const steps = checkCount("cosineDecay", "steps", options.steps);
  const floor = checkRange("cosineDecay", "floor", options.floor ?? 0, 0, 1);
  return (step) => halfCosine(1, floor, Math.min(step / steps, 1));
}

/** From one value to another along half a cosine; `way` from 0 to 1. */
export function halfCosine(from: number, to: number, way: number): number {
  return to + (from - to) * 0.5 * (1 + Math.cos(Math.PI * way));
}
