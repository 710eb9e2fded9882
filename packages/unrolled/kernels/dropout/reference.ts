import type { Heap } from "../heap.js";
import { dropoutFactor } from "../random/dropout-factor-reference.js";

/**
 * Inverted dropout (Srivastava et al. 2014): y = x / (1 − rate) where kept, else 0. Whether element n is kept depends on the key
 * (k0, k1), the draw (c1, c2) and n alone, so the way back draws the same mask again instead of keeping it. The first element is `first`, a
 * multiple of 4.
 */
export function dropout(
  heap: Heap,
  length: number,
  first: number,
  rate: number,
  k0: number,
  k1: number,
  c1: number,
  c2: number,
  x: number,
  y: number,
): void {
  for (let n = 0; n < length; n++) {
    heap[y + n] = (heap[x + n] as number) * dropoutFactor(first + n, rate, k0, k1, c1, c2);
  }
}

/** dx += dy / (1 − rate) where kept */
export function dropoutBackward(
  heap: Heap,
  length: number,
  first: number,
  rate: number,
  k0: number,
  k1: number,
  c1: number,
  c2: number,
  dy: number,
  dx: number,
): void {
  for (let n = 0; n < length; n++) {
    (heap[dx + n] as number) += (heap[dy + n] as number) * dropoutFactor(first + n, rate, k0, k1, c1, c2);
  }
}
