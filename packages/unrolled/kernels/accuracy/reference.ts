import type { Heap } from "../heap.js";

/** y[r] = 1 where the largest of x[r, :], the first where several are, stands at targets[r], else 0. */
export function classAccuracy(heap: Heap, rows: number, columns: number, x: number, targets: number, y: number): void {
  for (let row = 0; row < rows; row++) {
    const first = x + row * columns;
    let best = 0;
    for (let k = 1; k < columns; k++) if ((heap[first + k] as number) > (heap[first + best] as number)) best = k;
    heap[y + row] = best === heap[targets + row] ? 1 : 0;
  }
}

/** y[r] = how many of x[r, :] are above 0 exactly where those of targets[r, :] are above 1/2, as a fraction of all. */
export function signAccuracy(heap: Heap, rows: number, columns: number, x: number, targets: number, y: number): void {
  for (let row = 0; row < rows; row++) {
    let right = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      if ((heap[x + i] as number) > 0 === (heap[targets + i] as number) > 0.5) right++;
    }
    heap[y + row] = right / columns;
  }
}
