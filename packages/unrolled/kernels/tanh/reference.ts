import type { Heap } from "../heap.js";

/** y = tanh(x); y may be x. */
export function tanh(heap: Heap, length: number, x: number, y: number): void {
  for (let i = 0; i < length; i++) heap[y + i] = Math.tanh(heap[x + i] as number);
}
