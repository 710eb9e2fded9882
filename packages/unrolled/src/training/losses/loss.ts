import type { Parameter } from "../../tensor/parameter.js";
import type { Tensor } from "../../tensor/tensor.js";

/**
 * How wrong an output is, as one number to make small. Outputs and targets come as rows, [rows, …], one for each step of each sequence
 * (padding left out), or one for each sequence. `defineLoss` makes one from a loss of each row.
 */
export interface Loss {
  /** What it is called in errors. */
  readonly name: string;
  /** Whether targets are indices, one a row, or numbers, `outputsPerTarget` times fewer than the output's features. */
  readonly targets: "indices" | "numbers";
  /** Features of the output that belong to one number of a target. Default: 1. */
  readonly outputsPerTarget?: number;
  /** A target that counts for nothing, as if its mask were 0. Default: none. */
  readonly ignoreIndex?: number;
  /**
   * The mean over all rows, shape `[]`; with weights `[rows]` Σ w·loss / Σ w, and 0 where all are 0. Batches with a mask or with weights are
   * refused where it takes only two parameters.
   */
  of(output: Tensor, targets: Tensor, weights?: Tensor): Tensor;
  /** The same for output = x Wᵀ + b, where it can be had without holding the whole output. */
  ofLinear?(x: Tensor, weight: Parameter, bias: Parameter, targets: Tensor, weights?: Tensor): Tensor;
  /** What its mean divides by. Default: Σ w, or the number of rows. */
  weigh?(targets: Tensor, weights?: Tensor): number;
  /** What metrics compare with the targets, in their shape. Default: the output. */
  predict?(output: Tensor): Tensor;
}
