import { checkChoice, checkCount, checkKnown, checkPositive } from "../../layers/options.js";
import type { Schedule } from "./schedule.js";

/** How far the learning rate falls, and when. */
export interface StepDecayOptions {
  /** What the learning rate is multiplied by each time, above 0. Default: 0.5. */
  factor?: number;
  /** How many steps, or epochs, lie between two reductions. */
  every: number;
  /** How many steps, or epochs, are over at the first reduction. Default: as many as `every`. */
  after?: number;
  /** What is counted. Default: steps. */
  by?: "steps" | "epochs";
}

/**
 * A learning rate that falls in stairs: factor^k after the k-th reduction (PyTorch's `StepLR`). Halved each epoch from the fifth on:
 * `stepDecay({ every: 1, after: 4, by: "epochs" })`.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function stepDecay(options: StepDecayOptions): Schedule {
  checkKnown("stepDecay", options, ["factor", "every", "after", "by"]);
  const factor = checkPositive("stepDecay", "factor", options.factor ?? 0.5);
  const every = checkCount("stepDecay", "every", options.every);
  const after = checkCount("stepDecay", "after", options.after ?? every, 0);
  const by = checkChoice("stepDecay", "by", options.by ?? "steps", ["steps", "epochs"]);
  return (step, epoch) => {
    const done = by === "epochs" ? epoch : step;
    return done < after ? 1 : factor ** (1 + Math.floor((done - after) / every));
  };
}
