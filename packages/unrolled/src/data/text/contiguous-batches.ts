import { UnrolledError } from "../../errors.js";
import { Tensor } from "../../tensor/tensor.js";

/** A stretch of several streams side by side: indices `[batch, time]`, and what comes one step later. */
export interface ContiguousBatch {
  readonly x: Tensor;
  readonly y: Tensor;
  /** Whether each stream goes on where it ended in the batch before. */
  readonly continues: boolean;
}

export interface ContiguousBatchesOptions {
  /** How many streams at most; fewer where the text is too short to give each one whole sequence. */
  batchSize: number;
  /** Steps of a batch; the last one of the text may be shorter. */
  sequenceLength: number;
}

/**
 * Cuts a long sequence into `batchSize` streams of equal length that are read side by side, `sequenceLength` steps at a time, so that
 * a state can be carried from batch to batch (as in Zaremba et al. 2014). Every index but the very first is a target once; fewer
 * than `batchSize` at the very end are left out.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` where there are fewer than two indices.
 */
export function contiguousBatches(indices: Int32Array, options: ContiguousBatchesOptions): ContiguousBatch[] {
  const targets = indices.length - 1;
  if (targets < 1) {
    throw new UnrolledError("UNROLLED_DATA", `text: at least 2 characters are needed, received ${indices.length}.`);
  }
  const streams = Math.max(1, Math.min(options.batchSize, Math.floor(targets / options.sequenceLength)));
  const length = Math.floor(targets / streams);
  const batches: ContiguousBatch[] = [];
  for (let first = 0; first < length; first += options.sequenceLength) {
    const time = Math.min(options.sequenceLength, length - first);
    const cut = (shift: number) => {
      const data = new Int32Array(streams * time);
      for (let stream = 0; stream < streams; stream++) {
        const from = stream * length + first + shift;
        data.set(indices.subarray(from, from + time), stream * time);
      }
      return Tensor.owning(data, [streams, time]);
    };
    batches.push({ x: cut(0), y: cut(1), continues: first > 0 });
  }
  return batches;
}
