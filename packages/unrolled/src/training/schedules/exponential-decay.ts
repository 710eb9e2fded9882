import { checkChoice, checkCount, checkKnown, checkPositive } from "../../layers/options.js";
import type { Schedule } from "./schedule.js";

/** How fast the learning rate falls. */
export interface ExponentialDecayOptions {
  /** What the learning rate is multiplied by over `every` steps, above 0. */
  factor: number;
  /** Default: 1. */
  every?: number;
  /** What is counted. Default: steps. */
  by?: "steps" | "epochs";
}

/**
 * A learning rate that falls by the same part at each step: factor^(step / every) (PyTorch's `ExponentialLR`).
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function exponentialDecay(options: ExponentialDecayOptions): Schedule {
  checkKnown("exponentialDecay", options, ["factor", "every", "by"]);
  const factor = checkPositive("exponentialDecay", "factor", options.factor);
  const every = checkCount("exponentialDecay", "every", options.every ?? 1);
  const by = checkChoice("exponentialDecay", "by", options.by ?? "steps", ["steps", "epochs"]);
  return (step, epoch) => factor ** ((by === "epochs" ? epoch : step) / every);
}
