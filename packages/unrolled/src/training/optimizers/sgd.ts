import { checkKnown } from "../../layers/options.js";
import type { Address } from "../../memory/memory.js";
import type { Parameter } from "../../tensor/parameter.js";
import { checkRange, Optimizer, type Slots } from "./optimizer.js";

export interface SgdOptions {
  /** Default: 0.01. */
  learningRate?: number;
  /** How much of the last step is kept, from 0 to below 1. Default: 0. */
  momentum?: number;
}

class Sgd extends Optimizer {
  readonly name = "sgd";
  readonly slotNames = ["velocity"];
  readonly #momentum: number;

  constructor(options: SgdOptions) {
    checkKnown("sgd", options, ["learningRate", "momentum"]);
    super(checkRange("sgd", "learningRate", options.learningRate ?? 0.01, 0, Number.POSITIVE_INFINITY));
    this.#momentum = checkRange("sgd", "momentum", options.momentum ?? 0, 0, 1);
  }

  // v = momentum·v + g    p −= learningRate·v
  protected change(parameter: Parameter, gradient: Address, scale: number, { arrays }: Slots): void {
    const { engine, size, address } = parameter;
    engine.kernels.sgd(size, this.learningRate, this.#momentum, scale, gradient, arrays.velocity as Address, address);
  }
}

/**
 * Stochastic gradient descent, with momentum (Polyak 1964) in PyTorch's form.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function sgd(options: SgdOptions = {}): Optimizer {
  return new Sgd(options);
}
