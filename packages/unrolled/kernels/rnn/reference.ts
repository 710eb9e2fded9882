import type { Heap } from "../heap.js";
import { flushed } from "../math/flush-reference.js";

/**
 * dGates = dh⊙(1 − h²), a dh below 1e-25 counting as 0; dh: derivative by h in, 0 out, since h' reaches h through the pre-
 * activation alone.
 */
export function rnnTanhBackward(heap: Heap, length: number, h: number, dh: number, dGates: number): void {
  for (let i = 0; i < length; i++) {
    const y = heap[h + i] as number;
    heap[dGates + i] = flushed(heap[dh + i] as number) * (1 - y * y);
    heap[dh + i] = 0;
  }
}

/** dGates = dh where h > 0, else 0, a dh below 1e-25 counting as 0; dh: derivative by h in, 0 out. */
export function rnnReluBackward(heap: Heap, length: number, h: number, dh: number, dGates: number): void {
  for (let i = 0; i < length; i++) {
    heap[dGates + i] = (heap[h + i] as number) > 0 ? flushed(heap[dh + i] as number) : 0;
    heap[dh + i] = 0;
  }
}
