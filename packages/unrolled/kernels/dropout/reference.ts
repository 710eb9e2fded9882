import type { Heap } from "../heap.js";
import { philox } from "../random/philox-reference.js";

/**
 * Inverted dropout (Srivastava et al. 2014): y = x / (1 − rate) where kept, else 0. Whether element n is kept depends on the key
 * (k0, k1), the draw (c1, c2) and n alone, so the way back draws the same mask again instead of keeping it.
 */
export function dropout(
  heap: Heap,
  length: number,
  rate: number,
  k0: number,
  k1: number,
  c1: number,
  c2: number,
  x: number,
  y: number,
): void {
  for (let n = 0; n < length; n += 4) {
    const words = philox([n >>> 2, c1, c2, 0], [k0, k1]);
    for (let i = n; i < Math.min(length, n + 4); i++)
      heap[y + i] = (heap[x + i] as number) * factor(words[i - n] as number, rate);
  }
}

/** dx += dy / (1 − rate) where kept */
export function dropoutBackward(
  heap: Heap,
  length: number,
  rate: number,
  k0: number,
  k1: number,
  c1: number,
  c2: number,
  dy: number,
  dx: number,
): void {
  for (let n = 0; n < length; n += 4) {
    const words = philox([n >>> 2, c1, c2, 0], [k0, k1]);
    for (let i = n; i < Math.min(length, n + 4); i++) {
      (heap[dx + i] as number) += (heap[dy + i] as number) * factor(words[i - n] as number, rate);
    }
  }
}

/** A word's upper 24 bits are a uniform number in [0, 1). */
function factor(word: number, rate: number): number {
  return (word >>> 8) * 2 ** -24 >= Math.fround(rate) ? 1 / (1 - rate) : 0;
}
