import fc from "fast-check";
import { tensor } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Every way to choose one of `classes` classes at each of `time` steps. */
function* alignmentsOf(time: number, classes: number): Generator<readonly number[]> {
  for (let code = 0; code < classes ** time; code++) {
    yield Array.from({ length: time }, (_, t) => Math.floor(code / classes ** t) % classes);
  }
}

/** What an alignment reads as: repeats merged, then blanks removed. */
function labelsOf(alignment: readonly number[], blank: number): number[] {
  return alignment.filter((label, t) => label !== blank && label !== alignment[t - 1]);
}

/** p(labels | logits) of every labelling that is possible, by its labels joined with commas: straight from the definition. */
export function exhaustiveProbabilities(logits: Tensor, blank: number): Map<string, number> {
  const [, time, classes] = logits.shape as [number, number, number];
  const rows = Array.from({ length: time }, (_, t) => Array.from(logits.data.slice(t * classes, (t + 1) * classes), Math.exp));
  const probabilities = rows.map((row) => row.map((e) => e / row.reduce((total, other) => total + other, 0)));
  const sums = new Map<string, number>();
  for (const alignment of alignmentsOf(time, classes)) {
    const probability = alignment.reduce((product, c, t) => product * (probabilities[t]?.[c] as number), 1);
    const labels = labelsOf(alignment, blank).join();
    sums.set(labels, (sums.get(labels) ?? 0) + probability);
  }
  return sums;
}

/** Logits [1, time, classes] of one sequence so short that all its alignments can be tried, and a blank. */
export const tinyLogits: fc.Arbitrary<{ logits: Tensor; blank: number }> = fc
  .record({ time: fc.integer({ min: 1, max: 5 }), classes: fc.integer({ min: 1, max: 4 }) })
  .chain(({ time, classes }) =>
    fc.record({
      logits: fc
        .array(fc.double({ min: -6, max: 6, noNaN: true }), { minLength: time * classes, maxLength: time * classes })
        .map((values) => tensor(Float64Array.from(values), [1, time, classes])),
      blank: fc.nat(classes - 1),
    }),
  );
