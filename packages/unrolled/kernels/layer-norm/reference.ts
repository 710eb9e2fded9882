import type { Heap } from "../heap.js";

/**
 * Layer normalisation (Ba et al. 2016) of each row: y[r, :] = (x[r, :] − means[r])⊙scales[r]⊙weight + bias, scales[r] = 1 / √(variance + ε)
 * with the variance of the row itself (divided by `columns`). Means and scales are kept for the way back.
 */
export function layerNorm(
  heap: Heap,
  rows: number,
  columns: number,
  epsilon: number,
  x: number,
  weight: number,
  bias: number,
  y: number,
  means: number,
  scales: number,
): void {
  for (let row = 0; row < rows; row++) {
    const first = row * columns;
    let sum = 0;
    for (let i = 0; i < columns; i++) sum += heap[x + first + i] as number;
    const mean = sum / columns;
    let squares = 0;
    for (let i = 0; i < columns; i++) squares += ((heap[x + first + i] as number) - mean) ** 2;
    const scale = 1 / Math.sqrt(squares / columns + epsilon);
    for (let i = 0; i < columns; i++) {
      const normal = ((heap[x + first + i] as number) - mean) * scale;
      heap[y + first + i] = normal * (heap[weight + i] as number) + (heap[bias + i] as number);
    }
    heap[means + row] = mean;
    heap[scales + row] = scale;
  }
}

/** dx[r, :] += scales[r]·(g − mean(g) − n·mean(g⊙n)), where g = dy[r, :]⊙weight and n = (x[r, :] − means[r])·scales[r] */
export function layerNormBackward(
  heap: Heap,
  rows: number,
  columns: number,
  x: number,
  weight: number,
  means: number,
  scales: number,
  dy: number,
  dx: number,
): void {
  for (let row = 0; row < rows; row++) {
    const first = row * columns;
    const mean = heap[means + row] as number;
    const scale = heap[scales + row] as number;
    let sum = 0;
    let along = 0;
    for (let i = 0; i < columns; i++) {
      const g = (heap[dy + first + i] as number) * (heap[weight + i] as number);
      sum += g;
      along += g * ((heap[x + first + i] as number) - mean) * scale;
    }
    for (let i = 0; i < columns; i++) {
      const g = (heap[dy + first + i] as number) * (heap[weight + i] as number);
      const normal = ((heap[x + first + i] as number) - mean) * scale;
      (heap[dx + first + i] as number) += scale * (g - sum / columns - normal * (along / columns));
    }
  }
}

/** dWeight += Σ_r dy[r, :]⊙(x[r, :] − means[r])·scales[r], rows ascending */
export function layerNormWeightGradient(
  heap: Heap,
  rows: number,
  columns: number,
  x: number,
  means: number,
  scales: number,
  dy: number,
  dWeight: number,
): void {
  for (let row = 0; row < rows; row++) {
    const first = row * columns;
    const mean = heap[means + row] as number;
    const scale = heap[scales + row] as number;
    for (let i = 0; i < columns; i++) {
      (heap[dWeight + i] as number) += (heap[dy + first + i] as number) * ((heap[x + first + i] as number) - mean) * scale;
    }
  }
}
