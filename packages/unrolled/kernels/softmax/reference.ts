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
 * logits: [rows, columns] in, their gradient out; losses: [rows]. With classWeights c [columns] and weights w [rows], each 1 where its
 * address is 0, and the targets' probabilities q_k = c_k·((1−ε)·[k = target] + ε/columns), ε = labelSmoothing (Szegedy et al. 2016):
 *
 *   losses[r] = w[r] · −Σ q_k log softmax(logits[r])_k      gradient = w[r]·scale·(softmax·Σq − q)
 *
 * A row of weight 0 gets 0, whatever its logits and its target are. Stable: the maximum of a row is subtracted first.
 */
export function softmaxCrossEntropy(
  heap: Heap,
  rows: number,
  columns: number,
  scale: number,
  labelSmoothing: number,
  logits: number,
  targets: number,
  classWeights: number,
  weights: number,
  losses: number,
): void {
  const q = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const first = logits + row * columns;
    const weight = weights ? (heap[weights + row] as number) : 1;
    if (weight === 0) {
      heap.fill(0, first, first + columns);
      heap[losses + row] = 0;
      continue;
    }
    const target = heap[targets + row] as number;
    for (let k = 0; k < columns; k++) {
      q[k] =
        (classWeights ? (heap[classWeights + k] as number) : 1) *
        ((k === target ? 1 - labelSmoothing : 0) + labelSmoothing / columns);
    }
    const highest = maximumOf(heap, columns, first);
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += Math.exp((heap[first + k] as number) - highest);
    const logSum = Math.log(sum) + highest;
    let loss = 0;
    let total = 0;
    for (let k = 0; k < columns; k++) {
      const share = q[k] as number;
      // a class of no probability may have a logit of −∞
      if (share !== 0) loss += share * (logSum - (heap[first + k] as number));
      total += share;
    }
    for (let k = 0; k < columns; k++) {
      const probability = Math.exp((heap[first + k] as number) - highest) / sum;
      heap[first + k] = weight * scale * (total * probability - (q[k] as number));
    }
    heap[losses + row] = weight * loss;
  }
}

/** Σ over rows of weights[r]·classWeights[targets[r]], each 1 where its address is 0: what a mean cross-entropy divides by. */
export function crossEntropyWeight(heap: Heap, rows: number, targets: number, classWeights: number, weights: number): number {
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights ? (heap[weights + row] as number) : 1;
    if (weight === 0) continue;
    total += weight * (classWeights ? (heap[classWeights + (heap[targets + row] as number)] as number) : 1);
  }
  return total;
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
