import type { Heap } from "../heap.js";

/** y[segments[r], :] += weights[r]·x[r, :], rows ascending */
export function segmentSum(
  heap: Heap,
  rows: number,
  columns: number,
  x: number,
  weights: number,
  segments: number,
  y: number,
): void {
  for (let row = 0; row < rows; row++) {
    const to = y + (heap[segments + row] as number) * columns;
    const weight = heap[weights + row] as number;
    for (let i = 0; i < columns; i++) (heap[to + i] as number) += weight * (heap[x + row * columns + i] as number);
  }
}

/** dx[r, :] += weights[r]·dy[segments[r], :] */
export function segmentSumBackward(
  heap: Heap,
  rows: number,
  columns: number,
  dy: number,
  weights: number,
  segments: number,
  dx: number,
): void {
  for (let row = 0; row < rows; row++) {
    const from = dy + (heap[segments + row] as number) * columns;
    const weight = heap[weights + row] as number;
    for (let i = 0; i < columns; i++) (heap[dx + row * columns + i] as number) += weight * (heap[from + i] as number);
  }
}

/** dWeights[r] += Σ dy[segments[r], :]⊙x[r, :] */
export function segmentSumWeightGradient(
  heap: Heap,
  rows: number,
  columns: number,
  dy: number,
  x: number,
  segments: number,
  dWeights: number,
): void {
  for (let row = 0; row < rows; row++) {
    const from = dy + (heap[segments + row] as number) * columns;
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += (heap[from + i] as number) * (heap[x + row * columns + i] as number);
    (heap[dWeights + row] as number) += sum;
  }
}

/**
 * y[s, :] = the largest x[r, :] of the rows of segment s, column by column; positions[s, :]: the first row that has it, as an index. NaN
 * wins. Every segment must have a row.
 */
export function segmentMax(
  heap: Heap,
  rows: number,
  columns: number,
  count: number,
  x: number,
  segments: number,
  y: number,
  positions: number,
): void {
  heap.fill(-1, positions, positions + count * columns);
  for (let row = 0; row < rows; row++) {
    const first = (heap[segments + row] as number) * columns;
    for (let i = 0; i < columns; i++) {
      const value = heap[x + row * columns + i] as number;
      const best = heap[y + first + i] as number;
      const isFirst = (heap[positions + first + i] as number) < 0;
      if (!(isFirst || value > best || (Number.isNaN(value) && !Number.isNaN(best)))) continue;
      heap[y + first + i] = value;
      heap[positions + first + i] = row;
    }
  }
}

/** dx[positions[s, i], i] += dy[s, i] */
export function segmentMaxBackward(heap: Heap, count: number, columns: number, dy: number, positions: number, dx: number): void {
  for (let segment = 0; segment < count; segment++) {
    for (let i = 0; i < columns; i++) {
      const at = segment * columns + i;
      (heap[dx + (heap[positions + at] as number) * columns + i] as number) += heap[dy + at] as number;
    }
  }
}

/** y[r] = exp(x[r]) / Σ exp(x) over the rows of the same segment, stable; scratch: [count]. */
export function segmentSoftmax(
  heap: Heap,
  rows: number,
  count: number,
  x: number,
  segments: number,
  y: number,
  scratch: number,
): void {
  heap.fill(Number.NEGATIVE_INFINITY, scratch, scratch + count);
  for (let row = 0; row < rows; row++) {
    const at = scratch + (heap[segments + row] as number);
    heap[at] = Math.max(heap[at] as number, heap[x + row] as number);
  }
  for (let row = 0; row < rows; row++) {
    heap[y + row] = Math.exp((heap[x + row] as number) - (heap[scratch + (heap[segments + row] as number)] as number));
  }
  heap.fill(0, scratch, scratch + count);
  for (let row = 0; row < rows; row++) (heap[scratch + (heap[segments + row] as number)] as number) += heap[y + row] as number;
  for (let row = 0; row < rows; row++) (heap[y + row] as number) /= heap[scratch + (heap[segments + row] as number)] as number;
}

/** dx[r] += y[r]·(dy[r] − Σ dy⊙y over the rows of the same segment), y the softmax; scratch: [count]. */
export function segmentSoftmaxBackward(
  heap: Heap,
  rows: number,
  count: number,
  y: number,
  dy: number,
  segments: number,
  dx: number,
  scratch: number,
): void {
  heap.fill(0, scratch, scratch + count);
  for (let row = 0; row < rows; row++) {
    (heap[scratch + (heap[segments + row] as number)] as number) += (heap[y + row] as number) * (heap[dy + row] as number);
  }
  for (let row = 0; row < rows; row++) {
    const along = heap[scratch + (heap[segments + row] as number)] as number;
    (heap[dx + row] as number) += (heap[y + row] as number) * ((heap[dy + row] as number) - along);
  }
}
