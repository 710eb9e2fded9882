import type { Tensor } from "../../tensor/tensor.js";
import type { Labels } from "../losses/loss.js";

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

/**
 * The same of what is counted over all data and no mean of rows, such as precision, or the F1 of what stands over several steps (`entityF1` of
 * `unrolled/tasks`).
 */
export interface CountMetric extends Pick<Metric, "name" | "targets" | "better"> {
  /** What is counted, each by its name. */
  readonly counted: readonly string[];
  /**
   * What a batch adds to each count. `output: [rows, features]` (of a loss that predicts otherwise what it predicts), `targets: [rows]` of
   * indices, else `[rows, features]`.
   *
   * @param sequences the rows of each sequence, in the order of its steps; without time each row is one. Rows that a mask or a weight of 0
   * leaves out are in none, other weights change nothing.
   */
  counts(output: Tensor, targets: Tensor, sequences: readonly Int32Array[]): ArrayLike<number>;
  /** What is made of all counts in the end. */
  finish(counts: readonly number[]): number;
}

/** The same of whole sequences, for losses whose targets are labels: `ctc`. */
export interface SequenceMetric extends Pick<Metric, "name" | "better" | "finish"> {
  /** That it goes with losses whose targets are labels. */
  readonly targets: "labels";
  /**
   * One value a sequence. `output: [batch, time, features]`, labels and steps of each sequence. The metric is their mean, weighed by sample
   * weights.
   */
  sequences(output: Tensor, labels: Labels, lengths: ArrayLike<number>): ArrayLike<number>;
}

/** What can be measured along with a loss. */
export type AnyMetric = Metric | CountMetric | SequenceMetric;
