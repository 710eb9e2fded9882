import { checkCount, checkKnown } from "../../layers/options.js";
import { checkRange } from "../optimizers/optimizer.js";
import { halfCosine } from "./cosine-decay.js";
import type { Schedule } from "./schedule.js";

/** How the learning rate rises and falls. */
export interface OneCycleOptions {
  /** Steps of the whole training. */
  steps: number;
  /** The part of the steps in which the learning rate rises, between 0 and 1. Default: 0.3. */
  rise?: number;
  /** The factor at the first step. Default: 0.04 (1/25). */
  start?: number;
  /** The factor at the last step. Default: 4e-6. */
  end?: number;
}

/**
 * One cycle (Smith & Topin 2018, with PyTorch's cosines and defaults): the factor rises from `start` to 1 and falls to `end`, each along half a
 * cosine. The optimizer's learning rate is the highest one.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function oneCycle(options: OneCycleOptions): Schedule {
  checkKnown("oneCycle", options, ["steps", "rise", "start", "end"]);
  const steps = checkCount("oneCycle", "steps", options.steps);
  const peak = steps * checkRange("oneCycle", "rise", options.rise ?? 0.3, Number.MIN_VALUE, 1);
  const start = checkRange("oneCycle", "start", options.start ?? 0.04, 0, 1);
  const end = checkRange("oneCycle", "end", options.end ?? 4e-6, 0, 1);
  return (step) =>
    step < peak ? halfCosine(start, 1, step / peak) : halfCosine(1, end, Math.min((step - peak) / (steps - peak), 1));
}
