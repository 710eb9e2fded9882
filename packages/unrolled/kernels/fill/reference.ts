import type { Heap } from "../heap.js";

/** x = value */
export function fill(heap: Heap, length: number, value: number, x: number): void {
  heap.fill(value, x, x + length);
}
