import type { Heap } from "../heap.js";

/** y = max(x, 0) */
export function relu(heap: Heap, length: number, x: number, y: number): void {
  for (let i = 0; i < length; i++) heap[y + i] = Math.max(heap[x + i] as number, 0);
}

/** dx += dy where y > 0 */
export function reluBackward(heap: Heap, length: number, y: number, dy: number, dx: number): void {
  for (let i = 0; i < length; i++) {
    if ((heap[y + i] as number) > 0) (heap[dx + i] as number) += heap[dy + i] as number;
  }
}
