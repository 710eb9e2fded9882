import type { Heap } from "../heap.js";

/** y = √x */
export function squareRoot(heap: Heap, length: number, x: number, y: number): void {
  for (let i = 0; i < length; i++) heap[y + i] = Math.sqrt(heap[x + i] as number);
}

/** y = |x| */
export function absolute(heap: Heap, length: number, x: number, y: number): void {
  for (let i = 0; i < length; i++) heap[y + i] = Math.abs(heap[x + i] as number);
}

/** dx += dy · sign(x) */
export function absoluteBackward(heap: Heap, length: number, x: number, dy: number, dx: number): void {
  for (let i = 0; i < length; i++) (heap[dx + i] as number) += (heap[dy + i] as number) * Math.sign(heap[x + i] as number);
}
