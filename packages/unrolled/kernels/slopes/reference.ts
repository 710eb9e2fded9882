import type { Heap } from "../heap.js";

/** dx += dy⊙(1 − y²), y = tanh x */
export function tanhBackward(heap: Heap, length: number, y: number, dy: number, dx: number): void {
  for (let i = 0; i < length; i++) {
    const value = heap[y + i] as number;
    (heap[dx + i] as number) += (heap[dy + i] as number) * (1 - value * value);
  }
}

/** dx += dy⊙y⊙(1 − y), y = σ(x) */
export function sigmoidBackward(heap: Heap, length: number, y: number, dy: number, dx: number): void {
  for (let i = 0; i < length; i++) {
    const value = heap[y + i] as number;
    (heap[dx + i] as number) += (heap[dy + i] as number) * value * (1 - value);
  }
}
