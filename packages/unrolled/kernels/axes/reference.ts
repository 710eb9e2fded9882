import type { Heap } from "../heap.js";

/** y[o, r, :] = x[o, :] */
export function repeatAxis(heap: Heap, outer: number, repeats: number, inner: number, x: number, y: number): void {
  for (let o = 0; o < outer; o++) {
    for (let r = 0; r < repeats; r++) {
      heap.copyWithin(y + (o * repeats + r) * inner, x + o * inner, x + (o + 1) * inner);
    }
  }
}

/** y[o, i] = Σ_a x[o, a, i] */
export function sumAxis(heap: Heap, outer: number, axis: number, inner: number, x: number, y: number): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let sum = 0;
      for (let a = 0; a < axis; a++) sum += heap[x + (o * axis + a) * inner + i] as number;
      heap[y + o * inner + i] = sum;
    }
  }
}

/** y[o, i] = max_a x[o, a, i]; positions: the first a that has it, as an index. NaN wins. */
export function maxAxis(heap: Heap, outer: number, axis: number, inner: number, x: number, y: number, positions: number): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let best = heap[x + o * axis * inner + i] as number;
      let position = 0;
      for (let a = 1; a < axis; a++) {
        const value = heap[x + (o * axis + a) * inner + i] as number;
        if (value > best || (Number.isNaN(value) && !Number.isNaN(best))) {
          best = value;
          position = a;
        }
      }
      heap[y + o * inner + i] = best;
      heap[positions + o * inner + i] = position;
    }
  }
}

/** dx[o, positions[o, i], i] += dy[o, i] */
export function maxAxisBackward(
  heap: Heap,
  outer: number,
  axis: number,
  inner: number,
  dy: number,
  positions: number,
  dx: number,
): void {
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const position = heap[positions + o * inner + i] as number;
      (heap[dx + (o * axis + position) * inner + i] as number) += heap[dy + o * inner + i] as number;
    }
  }
}

/** x: [a, b, inner] → y: [b, a, inner], with `stride` elements from one b of y to the next. */
export function swapAxes(heap: Heap, a: number, b: number, inner: number, x: number, y: number, stride: number): void {
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < b; j++) {
      const from = x + (i * b + j) * inner;
      heap.copyWithin(y + j * stride + i * inner, from, from + inner);
    }
  }
}
