import { UnrolledError } from "../errors.js";
import type { Flow } from "../layers/flow.js";
import { lengthsOf } from "../layers/pooling.js";
import { Tensor } from "../tensor/tensor.js";
import type { Batch } from "./batch.js";
import type { Labels, SequenceLoss } from "./losses/loss.js";
import { rowWeights } from "./row-weights.js";

/** What whole sequences are compared with. */
export interface LabelTargets {
  /** Of each sequence; none where its weight is 0. */
  readonly labels: Labels;
  /** Steps of each sequence. */
  readonly lengths: Int32Array;
  /** [batch]; undefined where all sequences count alike. */
  readonly weights: Float64Array | undefined;
}

/**
 * A batch's labels and weights, as its sequences stand in it.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` or `UNROLLED_VALUE` where they don't fit the output.
 */
export function labelTargetsOf({ name }: SequenceLoss, batch: Batch, { plan }: Flow): LabelTargets {
  if (!plan) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${name}: the network must give an output at each step, this one gives one for each sequence; ` +
        "set returnSequences: true in its last recurrent layer.",
    );
  }
  if (batch.mask !== undefined) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `batch: \`mask\` is for losses of each step, ${name} is of whole sequences; use \`lengths\` and \`sampleWeights\`.`,
    );
  }
  const given: unknown = batch.y instanceof Tensor ? batch.y.toArray() : batch.y;
  if (!Array.isArray(given) || given.length !== plan.batch || !given.every(Array.isArray)) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${name}: \`y\` must be an array of labels for each of ${plan.batch} sequences, such as [[3, 1, 4], [2]], received ${described(given)}.`,
    );
  }
  const weights = rowWeights(batch, [plan.batch]);
  const labels = (given as number[][]).map((own, sequence) => (weights?.[sequence] === 0 ? [] : own));
  return { labels, lengths: lengthsOf(plan), weights };
}

function described(given: unknown): string {
  if (!Array.isArray(given)) return typeof given;
  return given.every(Array.isArray) ? `${given.length} arrays` : "an array of something else";
}
