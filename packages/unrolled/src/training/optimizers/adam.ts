import { checkKnown } from "../../layers/options.js";
import type { Address } from "../../memory/memory.js";
import type { Parameter } from "../../tensor/parameter.js";
import { checkRange, Optimizer, type Slots } from "./optimizer.js";

export interface AdamOptions {
  /** Default: 0.001. */
  learningRate?: number;
  /** How much of the mean gradient is kept. Default: 0.9. */
  beta1?: number;
  /** How much of the mean squared gradient is kept. Default: 0.999. */
  beta2?: number;
  /** Keeps the division finite. Default: 1e-8. */
  epsilon?: number;
}

class Adam extends Optimizer {
  readonly name = "adam";
  readonly slotNames = ["mean", "meanSquare"];
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #epsilon: number;

  constructor(options: AdamOptions) {
    checkKnown("adam", options, ["learningRate", "beta1", "beta2", "epsilon"]);
    super(checkRange("adam", "learningRate", options.learningRate ?? 1e-3, 0, Number.POSITIVE_INFINITY));
    this.#beta1 = checkRange("adam", "beta1", options.beta1 ?? 0.9, 0, 1);
    this.#beta2 = checkRange("adam", "beta2", options.beta2 ?? 0.999, 0, 1);
    this.#epsilon = checkRange("adam", "epsilon", options.epsilon ?? 1e-8, 0, Number.POSITIVE_INFINITY);
  }

  // m = β₁m + (1−β₁)g    v = β₂v + (1−β₂)g²    p −= learningRate · (m / (1−β₁ᵗ)) / (√(v / (1−β₂ᵗ)) + ε)
  protected change(parameter: Parameter, gradient: Address, scale: number, { step, arrays }: Slots): void {
    const { engine, size, address } = parameter;
    engine.kernels.adam(
      size,
      this.learningRate / (1 - this.#beta1 ** step),
      this.#beta1,
      this.#beta2,
      1 / Math.sqrt(1 - this.#beta2 ** step),
      this.#epsilon,
      scale,
      gradient,
      arrays.mean as Address,
      arrays.meanSquare as Address,
      address,
    );
  }
}

/**
 * Adam (Kingma & Ba 2015).
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  return new Adam(options);
}
