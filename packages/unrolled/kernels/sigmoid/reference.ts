import type { Heap } from "../heap.js";

/** 1 / (1 + e⁻ˣ) of one number. */
export function sigmoidOf(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** y = 1 / (1 + e⁻ˣ); y may be x. */
export function sigmoid(heap: Heap, length: number, x: number, y: number): void {
  for (let i = 0; i < length; i++) heap[y + i] = sigmoidOf(heap[x + i] as number);
}
