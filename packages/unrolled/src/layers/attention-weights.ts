import type { SequencePlan } from "../cells/sequence-plan.js";
import { Tensor } from "../tensor/tensor.js";

/**
 * How much each step of each sequence reads of each place, `[batch, time, places]`, 0 past the ends of both.
 *
 * @param weights [rows, longest], of which a row's own places count
 * @param lengths how many places each sequence has, as it stands in the batch from outside
 */
export function batchFirstAttention(weights: Tensor, plan: SequencePlan, lengths: Int32Array, places: number): Tensor {
  const { batch, time, source } = plan;
  const longest = weights.shape[1] as number;
  const values = weights.data;
  const result = new Float32Array(batch * time * places);
  for (const [row, place] of source.entries()) {
    const own = lengths[Math.floor(place / time)] as number;
    for (let j = 0; j < own; j++) result[place * places + j] = values[row * longest + j] as number;
  }
  return Tensor.owning(result, [batch, time, places]);
}
