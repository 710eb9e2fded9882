import type { Tensor } from "../../tensor/tensor.js";

/** The scores of a conditional random field for one sequence. */
export interface FieldScores {
  /** [time, tags] */
  readonly emissions: Tensor;
  readonly transitions: Tensor;
  readonly starts: Tensor;
  readonly ends: Tensor;
}

/** Every sequence of tags with its score, straight from the definition. */
export function* scoredSequences({ emissions, transitions, starts, ends }: FieldScores): Generator<[number[], number]> {
  const [time, tags] = emissions.shape as [number, number];
  const [e, transition, start, end] = [emissions.data, transitions.data, starts.data, ends.data];
  for (let code = 0; code < tags ** time; code++) {
    const y = Array.from({ length: time }, (_, t) => Math.floor(code / tags ** t) % tags);
    const own = y.reduce((sum, tag, t) => sum + (e[t * tags + tag] as number), 0);
    const between = y.slice(1).reduce((sum, tag, t) => sum + (transition[(y[t] as number) * tags + tag] as number), 0);
    yield [y, own + between + (start[y[0] as number] as number) + (end[y.at(-1) as number] as number)];
  }
}

/** log Σ exp score over all sequences of tags. */
export function logTotal(scores: FieldScores): number {
  return Math.log(Array.from(scoredSequences(scores), ([, score]) => Math.exp(score)).reduce((sum, value) => sum + value, 0));
}

/** The sequence with the highest score. */
export function bestSequence(scores: FieldScores): number[] {
  return Array.from(scoredSequences(scores)).reduce((best, other) => (other[1] > best[1] ? other : best))[0];
}

/** The probability of each tag at each step, whatever the others are: [time, tags]. */
export function stepProbabilities(scores: FieldScores): number[] {
  const [time, tags] = scores.emissions.shape as [number, number];
  const total = logTotal(scores);
  const probabilities = Array<number>(time * tags).fill(0);
  for (const [y, score] of scoredSequences(scores)) {
    for (const [t, tag] of y.entries()) (probabilities[t * tags + tag] as number) += Math.exp(score - total);
  }
  return probabilities;
}
