import type { Heap } from "../heap.js";

/** Σ x */
export function sum(heap: Heap, length: number, x: number): number {
  let total = 0;
  for (let i = 0; i < length; i++) total += heap[x + i] as number;
  return total;
}

/** Σ x² */
export function sumSquares(heap: Heap, length: number, x: number): number {
  let total = 0;
  for (let i = 0; i < length; i++) total += (heap[x + i] as number) ** 2;
  return total;
}
