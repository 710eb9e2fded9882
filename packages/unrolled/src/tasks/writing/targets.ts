import { paddedIndices } from "../../data/padding.js";
import type { Batch } from "../../training/batch.js";

/** What a decoder reads and what it should write: each target a step later than it is read. @param targets with the index that ends them, which also begins them */
export function teacherForced(targets: readonly Int32Array[], end: number): Pick<Batch, "x" | "y" | "lengths"> {
  const read = targets.map((target) => {
    const shifted = new Int32Array(target.length).fill(end);
    shifted.set(target.subarray(0, -1), 1);
    return shifted;
  });
  const { x, lengths } = paddedIndices(read);
  return { x, y: paddedIndices(targets).x, lengths };
}
