import type { Workload } from "./workload.js";

/** The one batch that a workload runs on again and again: the same numbers for every peer that runs in Node. */
export interface Batch {
  /** [B, T, I], normally distributed; [B, T], indices below V, where the workload has an embedding. */
  readonly x: Float32Array | Int32Array;
  /** [B, S], indices below V; empty where there is no source. */
  readonly source: Int32Array;
  /** [B, T], classes. */
  readonly targets: Int32Array;
}

export function batchOf({ batch, time, source, inputSize, classes, embedded }: Workload): Batch {
  const random = mulberry32(1);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const index = () => Math.floor(random() * classes);
  const rows = batch * time;
  return {
    x: embedded ? Int32Array.from({ length: rows }, index) : Float32Array.from({ length: rows * inputSize }, normal),
    targets: Int32Array.from({ length: rows }, index),
    source: Int32Array.from({ length: batch * source }, index),
  };
}

/** Uniform in [0, 1). Tommy Ettinger's Mulberry32, in the public domain. */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}
