import type { Heap } from "../heap.js";

/** y[r, :] = x[r, :]; strides count elements from one row to the next. */
export function copyRows(
  heap: Heap,
  rows: number,
  columns: number,
  x: number,
  xStride: number,
  y: number,
  yStride: number,
): void {
  for (let row = 0; row < rows; row++) {
    heap.copyWithin(y + row * yStride, x + row * xStride, x + row * xStride + columns);
  }
}

/** y[r, :] += x[r, :] */
export function addRows(heap: Heap, rows: number, columns: number, x: number, xStride: number, y: number, yStride: number): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      (heap[y + row * yStride + column] as number) += heap[x + row * xStride + column] as number;
    }
  }
}

/** y[r, :] = x, for every row */
export function repeatRow(heap: Heap, rows: number, columns: number, x: number, y: number): void {
  for (let row = 0; row < rows; row++) heap.copyWithin(y + row * columns, x, x + columns);
}

/** y += Σ_r x[r, :], rows ascending: a bias' gradient. */
export function sumRows(heap: Heap, rows: number, columns: number, x: number, stride: number, y: number): void {
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      (heap[y + column] as number) += heap[x + row * stride + column] as number;
    }
  }
}
