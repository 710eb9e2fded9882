import { dropout as dropoutOp } from "../autograd/ops/dropout.js";
import type { Scope } from "../autograd/scope.js";
import { dropSteps, maskSequences, sequenceMask } from "../cells/sequence-mask.js";
import type { SequencePlan } from "../cells/sequence-plan.js";
import { RandomStream, type Seed } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";
import { ElementwiseLayer } from "./elementwise-layer.js";
import type { Flow } from "./flow.js";
import { type Passage, streamOf } from "./layer.js";
import { checkRate } from "./options.js";

/** Sets features to 0 at random while training: each step's own, or the same for all steps of a sequence. */
export class Dropout extends ElementwiseLayer {
  readonly kind: "dropout" | "lockedDropout";
  /** Probability that a feature is set to 0. */
  readonly rate: number;
  #random: RandomStream | undefined;

  constructor(kind: "dropout" | "lockedDropout", rate: number) {
    super();
    this.kind = kind;
    this.rate = checkRate(kind, "rate", rate);
  }

  forward(scope: Scope, flow: Flow, { training }: Passage): Flow {
    if (!training || this.rate === 0) return flow;
    const { rows, plan } = flow;
    return { ...flow, rows: plan ? this.#dropSteps(scope, rows, plan) : dropoutOp(rows, this.rate, this.#stream) };
  }

  override get randomStreams(): readonly RandomStream[] {
    return this.#random ? [this.#random] : [];
  }

  protected override create(before: number | undefined, seed: Seed, index: number): void {
    super.create(before, seed, index);
    this.#random = new RandomStream(seed, "dropout", streamOf(index, 0));
  }

  /** Masks belong to a sequence's place in the batch from outside, so they don't depend on the lengths of the others. */
  #dropSteps(scope: Scope, rows: Tensor, plan: SequencePlan): Tensor {
    if (this.kind === "lockedDropout") {
      const mask = sequenceMask(scope, plan, rows.shape[1] as number, this.rate, this.#stream);
      return maskSequences(scope, rows, plan, mask);
    }
    return dropSteps(scope, rows, plan, this.rate, this.#stream);
  }

  get #stream(): RandomStream {
    return this.#random as RandomStream;
  }
}

/**
 * Dropout (Srivastava et al. 2014): in training each feature is 0 with probability `rate`, else divided by 1 − rate; otherwise the
 * layer does nothing. `x: […, features]` → the same shape.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` where `rate` is not from 0 to below 1.
 */
export function dropout(rate: number): Dropout {
  return new Dropout("dropout", rate);
}

/**
 * Locked dropout (Merity et al. 2018, after the variational dropout of Gal & Ghahramani 2016): as `dropout`, but what is dropped is drawn
 * once for each sequence and is the same at all of its steps. `x: [batch, time, features]` → the same shape; without time as `dropout`.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` where `rate` is not from 0 to below 1.
 */
export function lockedDropout(rate: number): Dropout {
  return new Dropout("lockedDropout", rate);
}
