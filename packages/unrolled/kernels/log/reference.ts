import type { Heap } from "../heap.js";

/** y = log(x), the natural logarithm; y may be x. */
export function log(heap: Heap, length: number, x: number, y: number): void {
  for (let i = 0; i < length; i++) heap[y + i] = Math.log(heap[x + i] as number);
}
