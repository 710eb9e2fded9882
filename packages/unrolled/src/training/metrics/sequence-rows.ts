import type { SequencePlan } from "../../cells/sequence-plan.js";

/**
 * The rows of each sequence, in the order of its steps; without time each row is a sequence.
 *
 * @param weights of the rows; those of 0 are left out. Default: none is
 */
export function sequenceRows(rows: number, plan: SequencePlan | undefined, weights?: ArrayLike<number>): Int32Array[] {
  const counts = (row: number) => weights === undefined || weights[row] !== 0;
  if (!plan) return Array.from({ length: rows }, (_, row) => Int32Array.from(counts(row) ? [row] : []));
  return Array.from(plan.lengths, (length, place) =>
    Int32Array.from({ length }, (_, t) => (plan.offsets[t] as number) + place).filter(counts),
  );
}
