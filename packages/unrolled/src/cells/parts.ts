import type { SequencePlan } from "./sequence-plan.js";

/** Sequences `from` to before `to`, in the plan's order, that one thread carries through time. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/** Rows of a tile of the products. */
const TILE = 4;

/** All sequences. */
export function wholeBatch({ batch }: SequencePlan): Part {
  return { from: 0, to: batch };
}

/** Divides a batch's sequences into at most `count` parts with about as many rows each. */
export function partsOf(plan: SequencePlan, count: number): readonly Part[] {
  const parts: Part[] = [];
  let rows = 0;
  let from = 0;
  for (let to = 1; to <= plan.batch && count > 1; to++) {
    rows += plan.lengths[to - 1] as number;
    const isDue = rows * count >= plan.rows * (parts.length + 1) && (to - from >= TILE || plan.batch < TILE * count);
    if (parts.length === count - 1 || !isDue) continue;
    parts.push({ from, to });
    from = to;
  }
  if (from < plan.batch) parts.push({ from, to: plan.batch });
  return parts;
}

/** How many of the first `size` sequences are a part's. */
export function rowsIn({ from, to }: Part, size: number): number {
  return Math.max(0, Math.min(size, to) - from);
}
