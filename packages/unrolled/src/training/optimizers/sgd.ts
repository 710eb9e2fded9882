import { UnrolledError } from "../../errors.js";
import { checkKnown } from "../../layers/options.js";
import type { Address } from "../../memory/memory.js";
import type { Parameter } from "../../tensor/parameter.js";
import { checkRange, Optimizer, type Slots } from "./optimizer.js";

/** What gradient descent is told. */
export interface SgdOptions {
  /** Default: 0.01. */
  learningRate?: number;
  /** How much of the last step is kept, from 0 to below 1. Default: 0. */
  momentum?: number;
  /** Whether the step looks ahead along the momentum, which must not be 0 then. Default: false. */
  nesterov?: boolean;
}

class Sgd extends Optimizer {
  readonly name = "sgd";
  readonly slotNames = ["velocity"];
  readonly #momentum: number;
  readonly #nesterov: boolean;

  constructor(options: SgdOptions) {
    checkKnown("sgd", options, ["learningRate", "momentum", "nesterov"]);
    super(checkRange("sgd", "learningRate", options.learningRate ?? 0.01, 0, Number.POSITIVE_INFINITY), options);
    this.#momentum = checkRange("sgd", "momentum", options.momentum ?? 0, 0, 1);
    this.#nesterov = options.nesterov ?? false;
    if (this.#nesterov && this.#momentum === 0) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        "sgd: `nesterov` needs a `momentum` above 0, received 0; set momentum: 0.9, say.",
      );
    }
  }

  // v = momentum·v + g    p −= learningRate·v, nesterov: p −= learningRate·(g + momentum·v)
  protected change(parameter: Parameter, gradient: Address, scale: number, learningRate: number, { arrays }: Slots): void {
    const { engine, size, address } = parameter;
    const velocity = arrays.velocity as Address;
    engine.kernels.sgd(size, learningRate, this.#momentum, this.#nesterov, scale, gradient, velocity, address);
  }
}

/**
 * Stochastic gradient descent, with momentum (Polyak 1964) in PyTorch's form: v = momentum·v + g, p −= learningRate·v; with `nesterov`
 * (Sutskever et al. 2013) p −= learningRate·(g + momentum·v).
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range, and for `nesterov` without momentum.
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  return new Sgd(options);
}
