import { checkCount, checkKnown } from "../../layers/options.js";
import { constant } from "./constant.js";
import type { Schedule } from "./schedule.js";

/** How long the learning rate rises, and what comes then. */
export interface WarmupOptions {
  /** Steps in which the learning rate rises. */
  steps: number;
  /** The schedule after them, which begins at its step 0. Default: constant. */
  next?: Schedule;
}

/**
 * A learning rate that rises evenly to where another schedule begins: next(0)·(step + 1) / (steps + 1), so that the first step isn't lost.
 *
 * @example warmup({ steps: 100, next: cosineDecay({ steps: 900 }) })
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function warmup(options: WarmupOptions): Schedule {
  checkKnown("warmup", options, ["steps", "next"]);
  const steps = checkCount("warmup", "steps", options.steps);
  const next = options.next ?? constant();
  return (step, epoch) => (step < steps ? (next(0, epoch) * (step + 1)) / (steps + 1) : next(step - steps, epoch));
}
