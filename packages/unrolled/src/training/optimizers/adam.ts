import { checkKnown } from "../../layers/options.js";
import type { Address } from "../../memory/memory.js";
import type { Parameter } from "../../tensor/parameter.js";
import { checkRange, Optimizer, type Slots } from "./optimizer.js";

/** What Adam is told. */
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

/** @internal Adam, and what others build on it. */
export class Adam extends Optimizer {
  readonly name: string;
  readonly slotNames = ["mean", "meanSquare"];
  readonly #beta1: number;
  readonly #beta2: number;
  readonly #epsilon: number;

  constructor(name: string, options: AdamOptions) {
    const { learningRate = 1e-3, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
    super(checkRange(name, "learningRate", learningRate, 0, Number.POSITIVE_INFINITY), options);
    this.name = name;
    this.#beta1 = checkRange(name, "beta1", beta1, 0, 1);
    this.#beta2 = checkRange(name, "beta2", beta2, 0, 1);
    this.#epsilon = checkRange(name, "epsilon", epsilon, 0, Number.POSITIVE_INFINITY);
  }

  /** What a parameter is multiplied by before its step. */
  protected shrink(_parameter: Parameter, _learningRate: number): number {
    return 1;
  }

  // m = β₁m + (1−β₁)g    v = β₂v + (1−β₂)g²    p = shrink·p − learningRate · (m / (1−β₁ᵗ)) / (√(v / (1−β₂ᵗ)) + ε)
  protected change(parameter: Parameter, gradient: Address, scale: number, learningRate: number, { step, arrays }: Slots): void {
    const { engine, size, address } = parameter;
    engine.kernels.adam(
      size,
      learningRate / (1 - this.#beta1 ** step),
      this.#beta1,
      this.#beta2,
      1 / Math.sqrt(1 - this.#beta2 ** step),
      this.#epsilon,
      this.shrink(parameter, learningRate),
      scale,
      gradient,
      arrays.mean as Address,
      arrays.meanSquare as Address,
      address,
    );
  }
}

/**
 * Adam (Kingma & Ba 2015): m = β₁m + (1−β₁)g, v = β₂v + (1−β₂)g², p −= learningRate · m̂ / (√v̂ + ε) with m̂ = m / (1−β₁ᵗ) and
 * v̂ = v / (1−β₂ᵗ).
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  checkKnown("adam", options, ["learningRate", "beta1", "beta2", "epsilon"]);
  return new Adam("adam", options);
}
