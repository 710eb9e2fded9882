import { checkRange } from "../optimizers/optimizer.js";
import type { Schedule } from "./schedule.js";

/**
 * The same factor at every step. Default: 1, the optimizer's own learning rate.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for a factor that is below 0 or not finite.
 */
export function constant(factor = 1): Schedule {
  checkRange("constant", "factor", factor, 0, Number.POSITIVE_INFINITY);
  return () => factor;
}
