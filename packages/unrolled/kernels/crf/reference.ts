import type { Heap } from "../heap.js";

/**
 * A linear-chain conditional random field (Lafferty et al. 2001) of one sequence x with tags y, V of them:
 *
 *   score(y) = starts[y_0] + Σ_t e_t(y_t) + Σ_{t>0} transitions[y_{t−1}, y_t] + ends[y_last]
 *   −log p(y) = log Σ over all tag sequences of exp score − score(y)
 *
 *   α_t(j) = Σ over what leads to tag j at step t of exp score         β_t(i) = the same over what follows tag i at step t
 *   p_t(i) = α_t(i) β_t(i) / Z         p_t(i → j) = p_t(i) · exp(transitions[i, j] + e_{t+1}(j)) β_{t+1}(j) / β_t(i)
 *
 * All in logarithms; α and β are kept relative to the largest of the step before, so that a long sequence costs no digits.
 *
 * Steps of a batch lie time-major and packed: step t of the sequence at `place` is row offsets[t] + place.
 * emissions: [rows, tags]; targets: [rows], whole numbers; transitions: [tags, tags], from the row's tag to the column's; starts,
 * ends: [tags]; offsets: [time], whole numbers; time ≥ 1.
 */

/**
 * Elements of the memory that `crfForward` writes and `crfBackward` reads, and of that of `crfDecode`. Here: log α of every step, or
 * the scores of two steps and where each came from.
 */
export function crfWorkspaceLength(_heap: Heap, time: number, tags: number): number {
  return (time + 2) * tags;
}

/** −log p(targets), in nats; Infinity where scores of −∞ rule the targets out, and then the workspace is of no use. */
export function crfForward(
  heap: Heap,
  time: number,
  tags: number,
  place: number,
  offsets: number,
  emissions: number,
  targets: number,
  transitions: number,
  starts: number,
  ends: number,
  workspace: number,
): number {
  let score = 0;
  let logScale = 0;
  let highest = 0;
  let tagBefore = 0;
  for (let t = 0; t < time; t++) {
    const row = (heap[offsets + t] as number) + place;
    const alphas = workspace + t * tags;
    logScale += highest;
    for (let j = 0; j < tags; j++) {
      const reached =
        t === 0
          ? (heap[starts + j] as number)
          : logSumExp(tags, (i) => (heap[alphas - tags + i] as number) + (heap[transitions + i * tags + j] as number)) - highest;
      heap[alphas + j] = reached + (heap[emissions + row * tags + j] as number);
    }
    highest = highestOf(tags, (j) => heap[alphas + j] as number);
    const tag = heap[targets + row] as number;
    score += heap[t === 0 ? starts + tag : transitions + tagBefore * tags + tag] as number;
    score += heap[emissions + row * tags + tag] as number;
    tagBefore = tag;
  }
  score += heap[ends + tagBefore] as number;
  const last = workspace + (time - 1) * tags;
  const logTotal = logScale + logSumExp(tags, (j) => (heap[last + j] as number) + (heap[ends + j] as number));
  return score === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : logTotal - score;
}

/**
 * Adds scale times the derivative of −log p(targets), where `crfForward` with the same arguments gave a finite loss: for emissions
 * p_t(j) − [j = y_t], for transitions Σ_t p_t(i → j) − [i → j in y], for starts and ends those of the first and last step.
 * dEmissions: [rows, tags]; dTransitions: [tags, tags]; dStarts, dEnds: [tags].
 */
export function crfBackward(
  heap: Heap,
  time: number,
  tags: number,
  place: number,
  scale: number,
  offsets: number,
  emissions: number,
  targets: number,
  transitions: number,
  ends: number,
  workspace: number,
  dEmissions: number,
  dTransitions: number,
  dStarts: number,
  dEnds: number,
): void {
  const all = Array.from({ length: tags }, (_, tag) => tag);
  // log β_t, and of the step after it log β + e
  let betas = all.map((i) => heap[ends + i] as number);
  let onward: number[] = [];
  for (let t = time - 1; t >= 0; t--) {
    const row = (heap[offsets + t] as number) + place;
    const tag = heap[targets + row] as number;
    if (t < time - 1) {
      betas = all.map((i) => logSumExp(tags, (j) => (heap[transitions + i * tags + j] as number) + (onward[j] as number)));
    }
    // normalized by their own sum, which is Z at every step, so that the error of a long sequence doesn't reach it
    const joint = all.map((i) => (heap[workspace + t * tags + i] as number) + (betas[i] as number));
    const total = logSumExp(tags, (i) => joint[i] as number);
    const probabilities = joint.map((value) => Math.exp(value - total));
    if (t < time - 1) {
      for (const i of all) {
        if (probabilities[i] === 0) continue;
        for (const j of all) {
          const through = (heap[transitions + i * tags + j] as number) + (onward[j] as number) - (betas[i] as number);
          (heap[dTransitions + i * tags + j] as number) += scale * (probabilities[i] as number) * Math.exp(through);
        }
      }
      const tagAfter = heap[targets + (heap[offsets + t + 1] as number) + place] as number;
      (heap[dTransitions + tag * tags + tagAfter] as number) -= scale;
    }
    for (const first of [dEmissions + row * tags, ...(t === 0 ? [dStarts] : []), ...(t === time - 1 ? [dEnds] : [])]) {
      for (const i of all) (heap[first + i] as number) += scale * (probabilities[i] as number);
      (heap[first + tag] as number) -= scale;
    }
    const highest = highestOf(tags, (i) => betas[i] as number);
    onward = all.map((j) => (betas[j] as number) - highest + (heap[emissions + row * tags + j] as number));
  }
}

/**
 * The tags with the highest score, the lowest of equal ones, by the Viterbi algorithm (1967) → their score.
 * path: [rows], whole numbers, of which those of the sequence are written.
 */
export function crfDecode(
  heap: Heap,
  time: number,
  tags: number,
  place: number,
  offsets: number,
  emissions: number,
  transitions: number,
  starts: number,
  ends: number,
  workspace: number,
  path: number,
): number {
  const from = (t: number) => workspace + (t + 1) * tags;
  let scores = Array.from({ length: tags }, () => 0);
  let logScale = 0;
  for (let t = 0; t < time; t++) {
    const row = (heap[offsets + t] as number) + place;
    const before = scores;
    const highest = t === 0 ? 0 : highestOf(tags, (i) => before[i] as number);
    logScale += highest;
    scores = before.map((_, j) => {
      const own = heap[emissions + row * tags + j] as number;
      if (t === 0) return (heap[starts + j] as number) + own;
      const by = (i: number) => (before[i] as number) + (heap[transitions + i * tags + j] as number);
      const best = placeOfHighest(tags, by);
      heap[from(t) + j] = best;
      return by(best) - highest + own;
    });
  }
  const ended = (j: number) => (scores[j] as number) + (heap[ends + j] as number);
  let tag = placeOfHighest(tags, ended);
  const score = logScale + ended(tag);
  for (let t = time - 1; t >= 0; t--) {
    heap[path + (heap[offsets + t] as number) + place] = tag;
    if (t > 0) tag = heap[from(t) + tag] as number;
  }
  return score;
}

/** log Σ_i exp value(i) */
function logSumExp(count: number, value: (i: number) => number): number {
  const highest = highestOf(count, value);
  if (highest === Number.NEGATIVE_INFINITY) return highest;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.exp(value(i) - highest);
  return highest + Math.log(sum);
}

function highestOf(count: number, value: (i: number) => number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) highest = Math.max(highest, value(i));
  return highest;
}

/** The first of several. */
function placeOfHighest(count: number, value: (i: number) => number): number {
  let best = 0;
  for (let i = 1; i < count; i++) if (value(i) > value(best)) best = i;
  return best;
}
