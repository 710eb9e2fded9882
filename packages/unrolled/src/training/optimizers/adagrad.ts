import { checkKnown } from "../../layers/options.js";
import type { Address } from "../../memory/memory.js";
import type { Parameter } from "../../tensor/parameter.js";
import { checkRange, Optimizer, type Slots } from "./optimizer.js";

/** What Adagrad is told. */
export interface AdagradOptions {
  /** Default: 0.01. */
  learningRate?: number;
  /** Keeps the division finite. Default: 1e-10. */
  epsilon?: number;
}

class Adagrad extends Optimizer {
  readonly name = "adagrad";
  readonly slotNames = ["squares"];
  readonly #epsilon: number;

  constructor(options: AdagradOptions) {
    checkKnown("adagrad", options, ["learningRate", "epsilon"]);
    super(checkRange("adagrad", "learningRate", options.learningRate ?? 0.01, 0, Number.POSITIVE_INFINITY), options);
    this.#epsilon = checkRange("adagrad", "epsilon", options.epsilon ?? 1e-10, 0, Number.POSITIVE_INFINITY);
  }

  // s += g²    p −= learningRate · g / (√s + ε)
  protected change(parameter: Parameter, gradient: Address, scale: number, learningRate: number, { arrays }: Slots): void {
    const { engine, size, address } = parameter;
    engine.kernels.adagrad(size, learningRate, this.#epsilon, scale, gradient, arrays.squares as Address, address);
  }
}

/**
 * Adagrad (Duchi et al. 2011, with PyTorch's defaults): s += g², p −= learningRate · g / (√s + ε).
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function adagrad(options: AdagradOptions = {}): Optimizer {
  return new Adagrad(options);
}
