import type { Heap } from "../heap.js";

/**
 * Connectionist temporal classification (Graves et al. 2006) of one sequence, by the forward-backward algorithm.
 *
 * The labels l with a blank before, between and after them are 2·labels + 1 states s; a path takes one state a step, starts in
 * one of the first two, ends in one of the last two, and from one step to the next stays, moves on by one, or by two where that
 * leaves out a blank between two different labels.
 *
 *   α_t(s) = Σ over paths that reach s at step t of Π p          β_t(s) = the same over what follows t, without t itself
 *   p(l) = Σ_s α_t(s) β_t(s) at every t                          occupancy_t(s) = α_t(s) β_t(s) / p(l)
 *   ∂(−log p(l)) / ∂logit_t(c) = softmax_t(c) − Σ over the states s of class c of occupancy_t(s)
 *
 * All in logarithms; α and β are kept relative to the largest of the step before, so that a long sequence costs no digits.
 */

/**
 * Elements of the memory that `ctcForward` writes and `ctcBackward` reads. Here: log α of every step, and of the one before the
 * first.
 */
export function ctcWorkspaceLength(_heap: Heap, time: number, labels: number): number {
  return (time + 1) * (2 * labels + 1);
}

/**
 * −log p(targets), in nats; Infinity where no path is possible, and then the workspace is of no use.
 * logProbabilities: [time, classes]; targets: [labels], whole numbers, none of them `blank`; time ≥ 1.
 */
export function ctcForward(
  heap: Heap,
  time: number,
  classes: number,
  labels: number,
  blank: number,
  logProbabilities: number,
  targets: number,
  workspace: number,
): number {
  const states = 2 * labels + 1;
  let before = workspace;
  // before the first step a path stands on the first blank
  heap.fill(Number.NEGATIVE_INFINITY, before, before + states);
  heap[before] = 0;
  let logScale = 0;
  for (let t = 0; t < time; t++) {
    const highest = maximumOf(heap, states, before);
    logScale += highest;
    for (let s = 0; s < states; s++) {
      const reached = logSumExp(
        heap[before + s] as number,
        s >= 1 ? (heap[before + s - 1] as number) : Number.NEGATIVE_INFINITY,
        canSkipTo(heap, targets, s) ? (heap[before + s - 2] as number) : Number.NEGATIVE_INFINITY,
      );
      heap[before + states + s] =
        reached - highest + (heap[logProbabilities + t * classes + classOf(heap, targets, blank, s)] as number);
    }
    if (maximumOf(heap, states, before + states) === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
    before += states;
  }
  const last = heap[before + states - 1] as number;
  const lastLabel = labels > 0 ? (heap[before + states - 2] as number) : Number.NEGATIVE_INFINITY;
  return -(logScale + logSumExp(last, lastLabel, Number.NEGATIVE_INFINITY));
}

/**
 * dLogits += (softmax − occupancy) · scale, where `ctcForward` with the same arguments gave a finite loss. The logits are those
 * whose log-softmax `logProbabilities` is. dLogits: [time, classes].
 */
export function ctcBackward(
  heap: Heap,
  time: number,
  classes: number,
  labels: number,
  blank: number,
  scale: number,
  logProbabilities: number,
  targets: number,
  workspace: number,
  dLogits: number,
): void {
  const states = 2 * labels + 1;
  // log β_t(s) + log p_t(class of s), what follows the step before t by way of s; after the last step a path stands on the last
  // blank
  const onward = new Array<number>(states + 2).fill(Number.NEGATIVE_INFINITY);
  onward[states - 1] = 0;
  for (let t = time - 1; t >= 0; t--) {
    const row = t * classes;
    const alphas = workspace + (t + 1) * states;
    const betas = Array.from({ length: states }, (_, s) =>
      logSumExp(
        onward[s] as number,
        onward[s + 1] as number,
        s + 2 < states && canSkipTo(heap, targets, s + 2) ? (onward[s + 2] as number) : Number.NEGATIVE_INFINITY,
      ),
    );
    // normalized by its own sum, which is p(l) at every step, so that the error of a long sequence doesn't reach it
    const joint = betas.map((beta, s) => beta + (heap[alphas + s] as number));
    const highestJoint = maximumOf(joint, states);
    const weights = joint.map((value) => Math.exp(value - highestJoint));
    const total = weights.reduce((sum, weight) => sum + weight, 0);

    const highest = maximumOf(betas, states);
    for (let c = 0; c < classes; c++) {
      (heap[dLogits + row + c] as number) += scale * Math.exp(heap[logProbabilities + row + c] as number);
    }
    for (let s = 0; s < states; s++) {
      const own = classOf(heap, targets, blank, s);
      (heap[dLogits + row + own] as number) -= (scale * (weights[s] as number)) / total;
      onward[s] = (betas[s] as number) - highest + (heap[logProbabilities + row + own] as number);
    }
  }
}

function classOf(heap: Heap, targets: number, blank: number, s: number): number {
  return s % 2 === 0 ? blank : (heap[targets + (s - 1) / 2] as number);
}

/** Whether a path may come to state s from s − 2: s is a label, and another one than the label before. */
function canSkipTo(heap: Heap, targets: number, s: number): boolean {
  return s % 2 === 1 && s >= 3 && heap[targets + (s - 1) / 2] !== heap[targets + (s - 3) / 2];
}

/** log(eᵃ + eᵇ + eᶜ) */
function logSumExp(a: number, b: number, c: number): number {
  const highest = Math.max(a, b, c);
  if (highest === Number.NEGATIVE_INFINITY) return highest;
  return highest + Math.log(Math.exp(a - highest) + Math.exp(b - highest) + Math.exp(c - highest));
}

function maximumOf(values: ArrayLike<number>, length: number, first = 0): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < length; i++) highest = Math.max(highest, values[first + i] as number);
  return highest;
}
