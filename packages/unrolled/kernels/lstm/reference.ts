import type { Heap } from "../heap.js";
import { flushed } from "../math/flush-reference.js";
import { sigmoidOf } from "../sigmoid/reference.js";

/**
 * The LSTM's pointwise pass. gates: [rows, 4, units], pre-activations in, activations out; c, tanhC, h: [rows, units].
 *
 *   c = f⊙c' + i⊙g    h = o⊙tanh(c)
 */
export function lstmForward(
  heap: Heap,
  rows: number,
  units: number,
  gates: number,
  cPrevious: number,
  c: number,
  tanhC: number,
  h: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      const gate = gates + row * 4 * units + unit;
      const at = row * units + unit;
      const i = sigmoidOf(heap[gate] as number);
      const f = sigmoidOf(heap[gate + units] as number);
      const g = Math.tanh(heap[gate + 2 * units] as number);
      const o = sigmoidOf(heap[gate + 3 * units] as number);
      const cell = f * (heap[cPrevious + at] as number) + i * g;
      heap[gate] = i;
      heap[gate + units] = f;
      heap[gate + 2 * units] = g;
      heap[gate + 3 * units] = o;
      heap[c + at] = cell;
      heap[tanhC + at] = Math.tanh(cell);
      heap[h + at] = o * Math.tanh(cell);
    }
  }
}

/**
 * Its derivative. gates: activations in, derivatives by the pre-activations out; dc: derivative by c in, by c' out;
 * dh: derivative by h in, 0 out, since h' reaches h through the gates alone. Derivatives by h and c below 1e-25 count as 0.
 */
export function lstmBackward(
  heap: Heap,
  rows: number,
  units: number,
  gates: number,
  cPrevious: number,
  tanhC: number,
  dh: number,
  dc: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      const gate = gates + row * 4 * units + unit;
      const at = row * units + unit;
      const i = heap[gate] as number;
      const f = heap[gate + units] as number;
      const g = heap[gate + 2 * units] as number;
      const o = heap[gate + 3 * units] as number;
      const t = heap[tanhC + at] as number;
      const dH = flushed(heap[dh + at] as number);
      const dC = flushed((heap[dc + at] as number) + dH * o * (1 - t * t));
      heap[gate] = dC * g * i * (1 - i);
      heap[gate + units] = dC * (heap[cPrevious + at] as number) * f * (1 - f);
      heap[gate + 2 * units] = dC * i * (1 - g * g);
      heap[gate + 3 * units] = dH * t * o * (1 - o);
      heap[dc + at] = dC * f;
      heap[dh + at] = 0;
    }
  }
}
