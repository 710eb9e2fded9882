import { Tensor } from "../tensor/tensor.js";

/** Sequences side by side, 0 past the end of each; what stands there is never read. */
export interface Padded {
  /** `[batch, time]` of indices, or `[batch, time, features]`. */
  readonly x: Tensor;
  /** Steps of each. */
  readonly lengths: Int32Array;
}

/** Sequences of indices as one tensor `[batch, time]`, as long as the longest. */
export function paddedIndices(sequences: readonly ArrayLike<number>[]): Padded {
  const lengths = Int32Array.from(sequences, ({ length }) => length);
  const time = Math.max(1, ...lengths);
  const data = new Int32Array(sequences.length * time);
  for (const [row, sequence] of sequences.entries()) data.set(sequence, row * time);
  return { x: Tensor.owning(data, [sequences.length, time]), lengths };
}

/** Sequences of numbers, step after step, as one tensor `[batch, time, features]`. */
export function paddedFeatures(sequences: readonly ArrayLike<number>[], features: number): Padded {
  const lengths = Int32Array.from(sequences, ({ length }) => length / features);
  const time = Math.max(1, ...lengths);
  const data = new Float32Array(sequences.length * time * features);
  for (const [row, sequence] of sequences.entries()) data.set(sequence, row * time * features);
  return { x: Tensor.owning(data, [sequences.length, time, features]), lengths };
}
