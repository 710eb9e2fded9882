import { checkKnown } from "../../layers/options.js";
import type { Address } from "../../memory/memory.js";
import type { Parameter } from "../../tensor/parameter.js";
import { checkRange, Optimizer, type Slots } from "./optimizer.js";

/** What RMSprop is told. */
export interface RmspropOptions {
  /** Default: 0.001. */
  learningRate?: number;
  /** How much of the mean squared gradient is kept (PyTorch's `alpha`). Default: 0.9. */
  rho?: number;
  /** How much of the last step is kept, from 0 to below 1. Default: 0. */
  momentum?: number;
  /** Keeps the division finite. Default: 1e-8. */
  epsilon?: number;
}

class Rmsprop extends Optimizer {
  readonly name = "rmsprop";
  readonly slotNames = ["meanSquare", "velocity"];
  readonly #rho: number;
  readonly #momentum: number;
  readonly #epsilon: number;

  constructor(options: RmspropOptions) {
    checkKnown("rmsprop", options, ["learningRate", "rho", "momentum", "epsilon"]);
    super(checkRange("rmsprop", "learningRate", options.learningRate ?? 1e-3, 0, Number.POSITIVE_INFINITY), options);
    this.#rho = checkRange("rmsprop", "rho", options.rho ?? 0.9, 0, 1);
    this.#momentum = checkRange("rmsprop", "momentum", options.momentum ?? 0, 0, 1);
    this.#epsilon = checkRange("rmsprop", "epsilon", options.epsilon ?? 1e-8, 0, Number.POSITIVE_INFINITY);
  }

  // s = ρs + (1−ρ)g²    v = momentum·v + g / (√s + ε)    p −= learningRate·v
  protected change(parameter: Parameter, gradient: Address, scale: number, learningRate: number, { arrays }: Slots): void {
    const { engine, size, address } = parameter;
    const [meanSquare, velocity] = [arrays.meanSquare as Address, arrays.velocity as Address];
    engine.kernels.rmsprop(
      size,
      learningRate,
      this.#rho,
      this.#momentum,
      this.#epsilon,
      scale,
      gradient,
      meanSquare,
      velocity,
      address,
    );
  }
}

/**
 * RMSprop (Tieleman & Hinton 2012, lecture 6.5; with momentum as in PyTorch): s = ρs + (1−ρ)g², v = momentum·v + g / (√s + ε),
 * p −= learningRate·v.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  return new Rmsprop(options);
}
