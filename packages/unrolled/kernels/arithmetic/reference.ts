import type { Heap } from "../heap.js";

/** y = a + b */
export function add(heap: Heap, length: number, a: number, b: number, y: number): void {
  for (let i = 0; i < length; i++) heap[y + i] = (heap[a + i] as number) + (heap[b + i] as number);
}

/** y = a − b */
export function subtract(heap: Heap, length: number, a: number, b: number, y: number): void {
  for (let i = 0; i < length; i++) heap[y + i] = (heap[a + i] as number) - (heap[b + i] as number);
}

/** y = a⊙b */
export function multiply(heap: Heap, length: number, a: number, b: number, y: number): void {
  for (let i = 0; i < length; i++) heap[y + i] = (heap[a + i] as number) * (heap[b + i] as number);
}

/** y = a / b */
export function divide(heap: Heap, length: number, a: number, b: number, y: number): void {
  for (let i = 0; i < length; i++) heap[y + i] = (heap[a + i] as number) / (heap[b + i] as number);
}
