import type { Heap } from "../heap.js";
import { philox } from "../random/philox-reference.js";

/**
 * y[r, i] += x[r, i]·f, f = 1 / (1 − rate) or 0 (inverted dropout, Srivastava et al. 2014), drawn by element keys[r]·columns + i: rows of
 * one key share a mask, and rows keep theirs wherever they lie. Elements are those of `dropout`.
 */
export function addDropout(
  heap: Heap,
  rows: number,
  columns: number,
  rate: number,
  k0: number,
  k1: number,
  c1: number,
  c2: number,
  keys: number,
  x: number,
  y: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < columns; i++) {
      const f = factor((heap[keys + row] as number) * columns + i, rate, k0, k1, c1, c2);
      (heap[y + row * columns + i] as number) += (heap[x + row * columns + i] as number) * f;
    }
  }
}

/** y[r, :] += x[r, :]·f, one f for the whole row, drawn by element keys[r] */
export function addRowDropout(
  heap: Heap,
  rows: number,
  columns: number,
  rate: number,
  k0: number,
  k1: number,
  c1: number,
  c2: number,
  keys: number,
  x: number,
  y: number,
): void {
  for (let row = 0; row < rows; row++) {
    const f = factor(heap[keys + row] as number, rate, k0, k1, c1, c2);
    for (let i = 0; i < columns; i++) {
      (heap[y + row * columns + i] as number) += (heap[x + row * columns + i] as number) * f;
    }
  }
}

/** A word's upper 24 bits are a uniform number in [0, 1). */
function factor(n: number, rate: number, k0: number, k1: number, c1: number, c2: number): number {
  const word = philox([n >>> 2, c1, c2, 0], [k0, k1])[n & 3] as number;
  return (word >>> 8) * 2 ** -24 >= Math.fround(rate) ? 1 / (1 - rate) : 0;
}
