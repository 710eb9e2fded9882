import type { Heap } from "../heap.js";

/** y = factor · x */
export function scale(heap: Heap, length: number, factor: number, x: number, y: number): void {
  for (let i = 0; i < length; i++) heap[y + i] = factor * (heap[x + i] as number);
}

/** y += factor · x */
export function addScaled(heap: Heap, length: number, factor: number, x: number, y: number): void {
  for (let i = 0; i < length; i++) (heap[y + i] as number) += factor * (heap[x + i] as number);
}

/** y += a⊙b */
export function multiplyAdd(heap: Heap, length: number, a: number, b: number, y: number): void {
  for (let i = 0; i < length; i++) (heap[y + i] as number) += (heap[a + i] as number) * (heap[b + i] as number);
}
