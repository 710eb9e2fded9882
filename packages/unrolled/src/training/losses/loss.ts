import type { Parameter } from "../../tensor/parameter.js";
import type { Tensor } from "../../tensor/tensor.js";

/** How wrong an output is, as one number to make small. Outputs and targets come as rows, [rows, …]. */
export interface Loss {
  readonly name: string;
  /** Whether targets are indices, one a row, or numbers in the output's shape. */
  readonly targets: "indices" | "numbers";
  /** The mean over all rows, shape `[]`. */
  of(output: Tensor, targets: Tensor): Tensor;
  /** The same for output = x Wᵀ + b, where it can be had without holding the whole output. */
  ofLinear?(x: Tensor, weight: Parameter, bias: Parameter, targets: Tensor): Tensor;
}
