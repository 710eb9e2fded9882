import { checkKnown } from "../../layers/options.js";
import type { Parameter } from "../../tensor/parameter.js";
import { Adam, type AdamOptions } from "./adam.js";
import { checkRange, type Optimizer } from "./optimizer.js";

/** What AdamW is told. */
export interface AdamWOptions extends AdamOptions {
  /** How much of a weight decays in a step, times the learning rate. Default: 0.01. */
  weightDecay?: number;
  /** Which parameters decay. Default: matrices, so weights and embeddings; biases and other parameters of one axis don't. */
  decay?: (parameter: Parameter) => boolean;
}

class AdamW extends Adam {
  readonly #weightDecay: number;
  readonly #decays: (parameter: Parameter) => boolean;

  constructor(options: AdamWOptions) {
    super("adamw", options);
    const { weightDecay = 0.01, decay = isMatrix } = options;
    this.#weightDecay = checkRange("adamw", "weightDecay", weightDecay, 0, Number.POSITIVE_INFINITY);
    this.#decays = decay;
  }

  protected override shrink(parameter: Parameter, learningRate: number): number {
    return this.#decays(parameter) ? 1 - learningRate * this.#weightDecay : 1;
  }
}

function isMatrix({ shape }: Parameter): boolean {
  return shape.length > 1;
}

/**
 * Adam whose weights decay apart from the gradient (Loshchilov & Hutter 2019, in PyTorch's form):
 * p = (1 − learningRate·weightDecay)·p − learningRate · m̂ / (√v̂ + ε), m̂ and v̂ as in `adam`.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function adamw(options: AdamWOptions = {}): Optimizer {
  checkKnown("adamw", options, ["learningRate", "beta1", "beta2", "epsilon", "weightDecay", "decay"]);
  return new AdamW(options);
}
