import type { Heap } from "../heap.js";

/** y = log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|) */
export function softplus(heap: Heap, length: number, x: number, y: number): void {
  for (let i = 0; i < length; i++) {
    const value = heap[x + i] as number;
    heap[y + i] = Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)));
  }
}
