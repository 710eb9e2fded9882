import { repeatRows } from "../autograd/ops/repeat.js";
import type { Scope } from "../autograd/scope.js";
import { SequencePlan } from "../cells/sequence-plan.js";
import { UnrolledError } from "../errors.js";
import { ElementwiseLayer } from "./elementwise-layer.js";
import type { Flow } from "./flow.js";
import { checkCount } from "./options.js";

/** One row a sequence, given at every step of a sequence. */
export class RepeatVector extends ElementwiseLayer {
  readonly kind = "repeatVector";
  /** How many steps it gives. */
  readonly times: number;

  constructor(times: number) {
    super();
    this.times = checkCount("repeatVector", "times", times);
  }

  forward(_scope: Scope, { rows, plan }: Flow): Flow {
    if (plan) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        "repeatVector: it reads one row a sequence, but what comes in has time; leave returnSequences out in the recurrent layer before it, " +
          "or put lastStep() between.",
      );
    }
    return { rows: repeatRows(rows, this.times), plan: SequencePlan.uniform(rows.shape[0] as number, this.times) };
  }
}

/**
 * Gives one row a sequence again at each of `times` steps: what stands between an encoder's last state and a decoder. `x: [batch, features]`
 * → `[batch, times, features]`.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` where `times` is no whole number of at least 1.
 */
export function repeatVector(times: number): RepeatVector {
  return new RepeatVector(times);
}
