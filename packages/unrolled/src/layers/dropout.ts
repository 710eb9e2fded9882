import { dropout as dropoutOp } from "../autograd/ops/dropout.js";
import type { Scope } from "../autograd/scope.js";
import { RandomStream, type Seed } from "../tensor/random.js";
import { ElementwiseLayer } from "./elementwise-layer.js";
import type { Flow } from "./flow.js";
import { type Passage, streamOf } from "./layer.js";
import { checkRate } from "./options.js";

/** Sets features to 0 at random while training. */
export class Dropout extends ElementwiseLayer {
  readonly kind = "dropout";
  readonly rate: number;
  #random: RandomStream | undefined;

  constructor(rate: number) {
    super();
    this.rate = checkRate("dropout", "rate", rate);
  }

  forward(_scope: Scope, { rows, ...rest }: Flow, { training }: Passage): Flow {
    return { rows: training && this.rate > 0 ? dropoutOp(rows, this.rate, this.#random as RandomStream) : rows, ...rest };
  }

  override get randomStreams(): readonly RandomStream[] {
    return this.#random ? [this.#random] : [];
  }

  protected override create(before: number | undefined, seed: Seed, index: number): void {
    super.create(before, seed, index);
    this.#random = new RandomStream(seed, "dropout", streamOf(index, 0));
  }
}

/**
 * Dropout (Srivastava et al. 2014): in training each feature is 0 with probability `rate`, else divided by 1 − rate; otherwise the
 * layer does nothing. `x: […, features]` → the same shape.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` where `rate` is not from 0 to below 1.
 */
export function dropout(rate: number): Dropout {
  return new Dropout(rate);
}
