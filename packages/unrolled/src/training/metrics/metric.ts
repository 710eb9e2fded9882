import type { Tensor } from "../../tensor/tensor.js";

/** How good an output is, in a number that people read; measured along with the loss, from the same outputs. */
export interface Metric {
  /** What it is called in progress and history; not `loss`. */
  readonly name: string;
  /** Which losses it goes with: those whose targets are indices, or numbers. */
  readonly targets: "indices" | "numbers";
  /** Which way it gets better; early stopping and schedules that watch it go by that. */
  readonly better: "higher" | "lower";
  /**
   * One value a row. `output: [rows, features]` (of a loss that predicts otherwise what it predicts), `targets: [rows]` of indices, else
   * `[rows, features]` → `[rows]`. The metric is their mean, weighed by mask and sample weights: Σ w·value / Σ w.
   */
  rows(output: Tensor, targets: Tensor): Tensor;
  /** What is made of that mean in the end. Default: the mean itself. */
  finish?(mean: number): number;
}
