import type { Heap } from "../heap.js";

/** y = x within ±limit, NaN where x is */
export function clamp(heap: Heap, length: number, limit: number, x: number, y: number): void {
  for (let i = 0; i < length; i++) heap[y + i] = Math.min(Math.max(heap[x + i] as number, -limit), limit);
}

/** dx += dy where |x| < limit */
export function clampBackward(heap: Heap, length: number, limit: number, x: number, dy: number, dx: number): void {
  for (let i = 0; i < length; i++) {
    if (Math.abs(heap[x + i] as number) < limit) (heap[dx + i] as number) += heap[dy + i] as number;
  }
}
