import type { Heap } from "../heap.js";

/** y[r, :] = x[r, :], or 0 where weights[r] is 0; x: [rows, columns] of numbers or indices. */
export function maskRows(heap: Heap, rows: number, columns: number, weights: number, x: number, y: number): void {
  for (let row = 0; row < rows; row++) {
    const [from, to] = [x + row * columns, y + row * columns];
    if (heap[weights + row] === 0) heap.fill(0, to, to + columns);
    else heap.copyWithin(to, from, from + columns);
  }
}
