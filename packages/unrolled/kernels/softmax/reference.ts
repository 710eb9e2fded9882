import type { Heap } from "../heap.js";

/** y[r, :] = exp(x[r, :]) / Σ exp(x[r, :]) */
export function softmax(heap: Heap, rows: number, columns: number, x: number, y: number): void {
  for (let row = 0; row < rows; row++) {
    const from = x + row * columns;
    const to = y + row * columns;
    const highest = maximumOf(heap, columns, from);
    let sum = 0;
    for (let i = 0; i < columns; i++) {
      const e = Math.exp((heap[from + i] as number) - highest);
      heap[to + i] = e;
      sum += e;
    }
    for (let i = 0; i < columns; i++) (heap[to + i] as number) /= sum;
  }
}

/** y[r, :] = x[r, :] − log Σ exp(x[r, :]); y must not be x. */
export function logSoftmax(heap: Heap, rows: number, columns: number, x: number, y: number): void {
  for (let row = 0; row < rows; row++) {
    const from = x + row * columns;
    const highest = maximumOf(heap, columns, from);
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += Math.exp((heap[from + i] as number) - highest);
    const logSum = highest + Math.log(sum);
    for (let i = 0; i < columns; i++) heap[y + row * columns + i] = (heap[from + i] as number) - logSum;
  }
}

/**
 * logits: [rows, columns] in, their gradient (softmax − one-hot) · scale out; losses[r] = −log softmax(logits[r])[targets[r]].
 * Stable: the maximum of a row is subtracted first.
 */
export function softmaxCrossEntropy(
  heap: Heap,
  rows: number,
  columns: number,
  scale: number,
  logits: number,
  targets: number,
  losses: number,
): void {
  for (let row = 0; row < rows; row++) {
    const first = logits + row * columns;
    const target = first + (heap[targets + row] as number);
    const targetLogit = heap[target] as number;
    const highest = maximumOf(heap, columns, first);
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += Math.exp((heap[first + i] as number) - highest);
    for (let i = 0; i < columns; i++) {
      heap[first + i] = (Math.exp((heap[first + i] as number) - highest) / sum) * scale;
    }
    (heap[target] as number) -= scale;
    heap[losses + row] = Math.log(sum) + highest - targetLogit;
  }
}

function maximumOf(heap: Heap, columns: number, x: number): number {
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < columns; i++) highest = Math.max(highest, heap[x + i] as number);
  return highest;
}

/** dx[r, :] += y⊙(dy − Σ dy⊙y), y the softmax */
export function softmaxBackward(heap: Heap, rows: number, columns: number, y: number, dy: number, dx: number): void {
  for (let row = 0; row < rows; row++) {
    const first = row * columns;
    let dot = 0;
    for (let i = first; i < first + columns; i++) dot += (heap[y + i] as number) * (heap[dy + i] as number);
    for (let i = first; i < first + columns; i++) {
      (heap[dx + i] as number) += (heap[y + i] as number) * ((heap[dy + i] as number) - dot);
    }
  }
}

/** dx[r, :] += dy − exp(y) Σ dy, y the logarithm of the softmax */
export function logSoftmaxBackward(heap: Heap, rows: number, columns: number, y: number, dy: number, dx: number): void {
  for (let row = 0; row < rows; row++) {
    const first = row * columns;
    let sum = 0;
    for (let i = first; i < first + columns; i++) sum += heap[dy + i] as number;
    for (let i = first; i < first + columns; i++) {
      (heap[dx + i] as number) += (heap[dy + i] as number) - Math.exp(heap[y + i] as number) * sum;
    }
  }
}
