import type { Heap } from "../heap.js";

/** scores[r, j] = q[r]·keys[starts[r] + j] for the `lengths[r]` places that row r sees. */
export function attentionDot(
  heap: Heap,
  rows: number,
  depth: number,
  q: number,
  keys: number,
  starts: number,
  lengths: number,
  scores: number,
  stride: number,
): void {
  for (let row = 0; row < rows; row++) {
    const first = keys + (heap[starts + row] as number) * depth;
    for (let j = 0; j < (heap[lengths + row] as number); j++) {
      heap[scores + row * stride + j] = dot(heap, depth, q + row * depth, first + j * depth);
    }
  }
}

/** dq[r] += Σ_j dScores[r, j]·keys[starts[r] + j], and dKeys[starts[r] + j] += dScores[r, j]·q[r] where there is a place for it */
export function attentionDotBackward(
  heap: Heap,
  rows: number,
  depth: number,
  q: number,
  keys: number,
  starts: number,
  lengths: number,
  dScores: number,
  stride: number,
  dq: number,
  dKeys: number,
): void {
  for (let row = 0; row < rows; row++) {
    const first = (heap[starts + row] as number) * depth;
    for (let j = 0; j < (heap[lengths + row] as number); j++) {
      const slope = heap[dScores + row * stride + j] as number;
      addScaled(heap, depth, slope, keys + first + j * depth, dq + row * depth);
      if (dKeys) addScaled(heap, depth, slope, q + row * depth, dKeys + first + j * depth);
    }
  }
}

/** scores[r, j] = v·tanh(q[r] + keys[starts[r] + j]); scratch: [rows, depth] */
export function attentionAdditive(
  heap: Heap,
  rows: number,
  depth: number,
  q: number,
  keys: number,
  v: number,
  starts: number,
  lengths: number,
  scores: number,
  stride: number,
  scratch: number,
): void {
  for (let row = 0; row < rows; row++) {
    const first = keys + (heap[starts + row] as number) * depth;
    const hidden = scratch + row * depth;
    for (let j = 0; j < (heap[lengths + row] as number); j++) {
      tanhOfSum(heap, depth, q + row * depth, first + j * depth, hidden);
      heap[scores + row * stride + j] = dot(heap, depth, v, hidden);
    }
  }
}

/**
 * With s = tanh(q[r] + keys[starts[r] + j]) and p = dScores[r, j]·v⊙(1 − s²): dq[r] += Σ_j p, dKeys[starts[r] + j] += p where there is a place for
 * it, and dv[r] += Σ_j dScores[r, j]·s, row by row; scratch: [rows, depth]
 */
export function attentionAdditiveBackward(
  heap: Heap,
  rows: number,
  depth: number,
  q: number,
  keys: number,
  v: number,
  starts: number,
  lengths: number,
  dScores: number,
  stride: number,
  dq: number,
  dKeys: number,
  dv: number,
  scratch: number,
): void {
  for (let row = 0; row < rows; row++) {
    const first = (heap[starts + row] as number) * depth;
    const hidden = scratch + row * depth;
    for (let j = 0; j < (heap[lengths + row] as number); j++) {
      const slope = heap[dScores + row * stride + j] as number;
      tanhOfSum(heap, depth, q + row * depth, keys + first + j * depth, hidden);
      addScaled(heap, depth, slope, hidden, dv + row * depth);
      for (let i = 0; i < depth; i++) {
        const s = heap[hidden + i] as number;
        heap[hidden + i] = slope * (heap[v + i] as number) * (1 - s * s);
      }
      addScaled(heap, depth, 1, hidden, dq + row * depth);
      if (dKeys) addScaled(heap, depth, 1, hidden, dKeys + first + j * depth);
    }
  }
}

/** weights[r] = softmax of the scores that stand there; context[r] = Σ_j weights[r, j]·values[starts[r] + j] */
export function attentionRead(
  heap: Heap,
  rows: number,
  width: number,
  values: number,
  starts: number,
  lengths: number,
  weights: number,
  stride: number,
  context: number,
): void {
  for (let row = 0; row < rows; row++) {
    const own = weights + row * stride;
    const length = heap[lengths + row] as number;
    let highest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < length; j++) highest = Math.max(highest, heap[own + j] as number);
    let sum = 0;
    for (let j = 0; j < length; j++) {
      heap[own + j] = Math.exp((heap[own + j] as number) - highest);
      sum += heap[own + j] as number;
    }
    for (let j = 0; j < length; j++) (heap[own + j] as number) /= sum;
    const first = values + (heap[starts + row] as number) * width;
    heap.fill(0, context + row * width, context + (row + 1) * width);
    for (let j = 0; j < length; j++) addScaled(heap, width, heap[own + j] as number, first + j * width, context + row * width);
  }
}

/**
 * dScores[r, j] = weights[r, j]·(a_j − Σ_k weights[r, k]·a_k), a_j = dContext[r]·values[starts[r] + j], and dValues[starts[r] + j] +=
 * weights[r, j]·dContext[r] where there is a place for it
 */
export function attentionReadBackward(
  heap: Heap,
  rows: number,
  width: number,
  values: number,
  starts: number,
  lengths: number,
  weights: number,
  stride: number,
  dContext: number,
  dScores: number,
  dValues: number,
): void {
  for (let row = 0; row < rows; row++) {
    const first = (heap[starts + row] as number) * width;
    const length = heap[lengths + row] as number;
    const slopes = dContext + row * width;
    const own = row * stride;
    let along = 0;
    for (let j = 0; j < length; j++) {
      const weight = heap[weights + own + j] as number;
      const slope = dot(heap, width, slopes, values + first + j * width);
      heap[dScores + own + j] = slope;
      along += weight * slope;
      if (dValues) addScaled(heap, width, weight, slopes, dValues + first + j * width);
    }
    for (let j = 0; j < length; j++) {
      heap[dScores + own + j] = (heap[weights + own + j] as number) * ((heap[dScores + own + j] as number) - along);
    }
  }
}

function dot(heap: Heap, length: number, a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += (heap[a + i] as number) * (heap[b + i] as number);
  return sum;
}

/** y += factor·x */
function addScaled(heap: Heap, length: number, factor: number, x: number, y: number): void {
  for (let i = 0; i < length; i++) (heap[y + i] as number) += factor * (heap[x + i] as number);
}

/** y = tanh(a + b) */
function tanhOfSum(heap: Heap, length: number, a: number, b: number, y: number): void {
  for (let i = 0; i < length; i++) heap[y + i] = Math.tanh((heap[a + i] as number) + (heap[b + i] as number));
}
