import type { Heap } from "../heap.js";
import { flushed } from "../math/flush-reference.js";
import { sigmoidOf } from "../sigmoid/reference.js";

/**
 * The gates of a GRU whose candidate waits for them. gates: [rows, 2, units], r and z, pre-activations in, activations
 * out; value, product: [rows, units]. product += r⊙value, where value is h' (reset before the product) or W_hn h' + b_hn
 * (after it).
 */
export function gruVariantGates(heap: Heap, rows: number, units: number, gates: number, value: number, product: number): void {
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      const gate = gates + 2 * row * units + unit;
      const at = row * units + unit;
      const r = sigmoidOf(heap[gate] as number);
      heap[gate] = r;
      heap[gate + units] = sigmoidOf(heap[gate + units] as number);
      (heap[product + at] as number) += r * (heap[value + at] as number);
    }
  }
}

/**
 * What follows them. candidate: [rows, units], pre-activation in, n out.
 *
 *   n = tanh(candidate)    h = (1−z)⊙n + z⊙h'
 */
export function gruVariantHidden(
  heap: Heap,
  rows: number,
  units: number,
  gates: number,
  candidate: number,
  hPrevious: number,
  h: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      const at = row * units + unit;
      const z = heap[gates + (2 * row + 1) * units + unit] as number;
      const n = Math.tanh(heap[candidate + at] as number);
      heap[candidate + at] = n;
      heap[h + at] = (1 - z) * n + z * (heap[hPrevious + at] as number);
    }
  }
}

/**
 * Derivative of `gruVariantHidden`. gates: of z the activation in, the derivative by its pre-activation out; candidate: n
 * in, the derivative by its pre-activation out; dh: derivative by h in, its part that reaches h' directly (z⊙dh) out.
 * Below 1e-25 it counts as 0.
 */
export function gruVariantHiddenBackward(
  heap: Heap,
  rows: number,
  units: number,
  gates: number,
  candidate: number,
  hPrevious: number,
  dh: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      const update = gates + (2 * row + 1) * units + unit;
      const at = row * units + unit;
      const z = heap[update] as number;
      const n = heap[candidate + at] as number;
      const dH = flushed(heap[dh + at] as number);
      heap[update] = dH * ((heap[hPrevious + at] as number) - n) * z * (1 - z);
      heap[candidate + at] = dH * (1 - z) * (1 - n * n);
      heap[dh + at] = dH * z;
    }
  }
}

/**
 * Derivative of `gruVariantGates`. gates: of r the activation in, the derivative by its pre-activation out; dValue +=
 * dProduct⊙r.
 */
export function gruVariantGatesBackward(
  heap: Heap,
  rows: number,
  units: number,
  gates: number,
  value: number,
  dProduct: number,
  dValue: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      const reset = gates + 2 * row * units + unit;
      const at = row * units + unit;
      const r = heap[reset] as number;
      const slope = heap[dProduct + at] as number;
      heap[reset] = slope * (heap[value + at] as number) * r * (1 - r);
      (heap[dValue + at] as number) += slope * r;
    }
  }
}
