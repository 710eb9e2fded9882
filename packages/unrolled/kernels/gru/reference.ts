import type { Heap } from "../heap.js";
import { flushed } from "../math/flush-reference.js";
import { sigmoidOf } from "../sigmoid/reference.js";

/**
 * The GRU's pointwise pass, reset after the product. gates: [rows, 3, units], W_i x + b_i in, activations out;
 * recurrent: [rows, 3, units], W_h h' + b_h; candidate: [rows, units], W_hn h' + b_hn, kept for the way back.
 *
 *   n = tanh(W_in x + b_in + r⊙candidate)    h = (1−z)⊙n + z⊙h'
 */
export function gruForward(
  heap: Heap,
  rows: number,
  units: number,
  gates: number,
  recurrent: number,
  hPrevious: number,
  candidate: number,
  h: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      const gate = row * 3 * units + unit;
      const at = row * units + unit;
      const r = sigmoidOf((heap[gates + gate] as number) + (heap[recurrent + gate] as number));
      const z = sigmoidOf((heap[gates + gate + units] as number) + (heap[recurrent + gate + units] as number));
      const hn = heap[recurrent + gate + 2 * units] as number;
      const n = Math.tanh((heap[gates + gate + 2 * units] as number) + r * hn);
      heap[gates + gate] = r;
      heap[gates + gate + units] = z;
      heap[gates + gate + 2 * units] = n;
      heap[candidate + at] = hn;
      heap[h + at] = (1 - z) * n + z * (heap[hPrevious + at] as number);
    }
  }
}

/**
 * Its derivative. gates: activations in, derivatives by W_i x + b_i out; dRecurrent: derivatives by W_h h' + b_h out;
 * dh: derivative by h in, its part that reaches h' directly (z⊙dh) out. Below 1e-25 it counts as 0.
 */
export function gruBackward(
  heap: Heap,
  rows: number,
  units: number,
  gates: number,
  dRecurrent: number,
  hPrevious: number,
  candidate: number,
  dh: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      const gate = row * 3 * units + unit;
      const at = row * units + unit;
      const r = heap[gates + gate] as number;
      const z = heap[gates + gate + units] as number;
      const n = heap[gates + gate + 2 * units] as number;
      const dH = flushed(heap[dh + at] as number);
      const dN = dH * (1 - z) * (1 - n * n);
      const dZ = dH * ((heap[hPrevious + at] as number) - n) * z * (1 - z);
      const dR = dN * (heap[candidate + at] as number) * r * (1 - r);
      heap[gates + gate] = dR;
      heap[gates + gate + units] = dZ;
      heap[gates + gate + 2 * units] = dN;
      heap[dRecurrent + gate] = dR;
      heap[dRecurrent + gate + units] = dZ;
      heap[dRecurrent + gate + 2 * units] = dN * r;
      heap[dh + at] = dH * z;
    }
  }
}
