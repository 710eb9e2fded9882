import type { Heap } from "../heap.js";

/** y[r, :] = table[ids[r], :] */
export function gatherRows(heap: Heap, rows: number, columns: number, table: number, ids: number, y: number): void {
  for (let row = 0; row < rows; row++) {
    const from = table + (heap[ids + row] as number) * columns;
    heap.copyWithin(y + row * columns, from, from + columns);
  }
}

/** dTable[ids[r], :] += dy[r, :], rows ascending */
export function scatterAddRows(heap: Heap, rows: number, columns: number, dy: number, ids: number, dTable: number): void {
  for (let row = 0; row < rows; row++) {
    const to = dTable + (heap[ids + row] as number) * columns;
    for (let column = 0; column < columns; column++) {
      (heap[to + column] as number) += heap[dy + row * columns + column] as number;
    }
  }
}
