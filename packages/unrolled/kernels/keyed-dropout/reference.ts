import type { Heap } from "../heap.js";
import { dropoutFactor } from "../random/dropout-factor-reference.js";

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
      const f = dropoutFactor((heap[keys + row] as number) * columns + i, rate, k0, k1, c1, c2);
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
    const f = dropoutFactor(heap[keys + row] as number, rate, k0, k1, c1, c2);
    for (let i = 0; i < columns; i++) {
      (heap[y + row * columns + i] as number) += (heap[x + row * columns + i] as number) * f;
    }
  }
}
