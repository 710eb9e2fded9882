import type { Heap } from "../heap.js";

/** y = e^x; y may be x. */
export function exp(heap: Heap, length: number, x: number, y: number): void {
  for (let i = 0; i < length; i++) heap[y + i] = Math.exp(heap[x + i] as number);
}
