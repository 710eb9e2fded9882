import type { SequencePlan } from "../../cells/sequence-plan.js";
import type { Parameter } from "../../tensor/parameter.js";
import type { Tensor } from "../../tensor/tensor.js";

/** What each sequence should be read as: its labels, as many or few as there are. */
export type Labels = readonly ArrayLike<number>[];

/** How wrong the whole output on a sequence is, where targets are labels that belong to no step: `ctc`. */
export interface SequenceLoss {
  /** What it is called in errors. */
  readonly name: string;
  /** That a batch's `y` is labels: an array of them for each sequence. */
  readonly targets: "labels";
  /**
   * The loss of each sequence; its mean, weighed by sample weights, is made small.
   *
   * @param output `[batch, time, features]`, 0 past each sequence's end
   * @param labels for each sequence; none for one whose sample weight is 0
   * @param lengths steps of each sequence
   * @returns `[batch]`
   */
  ofSequences(output: Tensor, labels: Labels, lengths: ArrayLike<number>): Tensor;
}

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
  /** @internal The same of whole sequences, whose steps lie as the plan says; stands in for `of` where the output has time. */
  ofPlan?(output: Tensor, targets: Tensor, plan: SequencePlan, weights?: Tensor): Tensor;
  /** What its mean divides by. Default: Σ w, or the number of rows. */
  weigh?(targets: Tensor, weights?: Tensor): number;
  /** What metrics compare with the targets, in their shape. Default: the output. */
  predict?(output: Tensor): Tensor;
  /** @internal The same of whole sequences; stands in for `predict` where the output has time. */
  predictPlan?(output: Tensor, plan: SequencePlan): Tensor;
}
