import type { Heap } from "../heap.js";
import { flushed } from "../math/flush-reference.js";
import { sigmoidOf } from "../sigmoid/reference.js";

/**
 * The pointwise pass of an LSTM with what has been proposed around it, up to the cell state. gates: [rows, 4, units], i,
 * f, g, o, or with `coupled` gates [rows, 3, units], i, g, o; of i, f and g pre-activations in, activations out.
 * peepholes: [3, units], p_i, p_f, p_o, or [2, units], p_i, p_o; 0 is none. c: [rows, units]. A limit of Infinity is
 * none.
 *
 *   i = σ(a_i + p_i⊙c')    f = σ(a_f + p_f⊙c') or 1 − i    g = tanh(a_g)    c = f⊙c' + i⊙g, within ±limit
 */
export function lstmVariantCell(
  heap: Heap,
  rows: number,
  units: number,
  coupled: boolean,
  gates: number,
  peepholes: number,
  limit: number,
  cPrevious: number,
  c: number,
): void {
  const count = coupled ? 3 : 4;
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      const gate = gates + row * count * units + unit;
      const candidate = gate + (count - 2) * units;
      const at = row * units + unit;
      const before = heap[cPrevious + at] as number;
      const seeing = (place: number) => (peepholes ? (heap[peepholes + place * units + unit] as number) * before : 0);
      const i = sigmoidOf((heap[gate] as number) + seeing(0));
      const f = coupled ? 1 - i : sigmoidOf((heap[gate + units] as number) + seeing(1));
      const g = Math.tanh(heap[candidate] as number);
      heap[gate] = i;
      if (!coupled) heap[gate + units] = f;
      heap[candidate] = g;
      heap[c + at] = Math.min(Math.max(f * before + i * g, -limit), limit);
    }
  }
}

/**
 * The rest of it. gates: of o pre-activations in, activations out; seen: c, or what it is normalised to; tanhC: kept for
 * the way back.
 *
 *   o = σ(a_o + p_o⊙c)    h = o⊙tanh(seen)
 */
export function lstmVariantHidden(
  heap: Heap,
  rows: number,
  units: number,
  coupled: boolean,
  gates: number,
  peepholes: number,
  c: number,
  seen: number,
  tanhC: number,
  h: number,
): void {
  const count = coupled ? 3 : 4;
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      const gate = gates + (row * count + count - 1) * units + unit;
      const at = row * units + unit;
      const seeing = peepholes ? (heap[peepholes + (count - 2) * units + unit] as number) * (heap[c + at] as number) : 0;
      const o = sigmoidOf((heap[gate] as number) + seeing);
      const squashed = Math.tanh(heap[seen + at] as number);
      heap[gate] = o;
      heap[tanhC + at] = squashed;
      heap[h + at] = o * squashed;
    }
  }
}

/**
 * Derivative of `lstmVariantHidden`. gates: of o the activation in, the derivative by its pre-activation, do, out. dc += p_o⊙do,
 * dSeen += dh⊙o⊙(1 − tanhC²); dSeen may be dc, where nothing stands between c and tanh. dh below 1e-25 counts as 0.
 */
export function lstmVariantHiddenBackward(
  heap: Heap,
  rows: number,
  units: number,
  coupled: boolean,
  gates: number,
  peepholes: number,
  tanhC: number,
  dh: number,
  dc: number,
  dSeen: number,
): void {
  const count = coupled ? 3 : 4;
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      const gate = gates + (row * count + count - 1) * units + unit;
      const at = row * units + unit;
      const o = heap[gate] as number;
      const t = heap[tanhC + at] as number;
      const dH = flushed(heap[dh + at] as number);
      const dO = dH * t * o * (1 - o);
      heap[gate] = dO;
      if (peepholes) (heap[dc + at] as number) += (heap[peepholes + (count - 2) * units + unit] as number) * dO;
      (heap[dSeen + at] as number) += dH * o * (1 - t * t);
    }
  }
}

/**
 * Derivative of `lstmVariantCell`. gates: of i, f and g activations in, derivatives by the pre-activations out; dc:
 * derivative by c in, by c' out; below 1e-25 it counts as 0. Where c is at the limit it was held there, and the
 * derivative ends.
 */
export function lstmVariantCellBackward(
  heap: Heap,
  rows: number,
  units: number,
  coupled: boolean,
  gates: number,
  peepholes: number,
  limit: number,
  cPrevious: number,
  c: number,
  dc: number,
): void {
  const count = coupled ? 3 : 4;
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      const gate = gates + row * count * units + unit;
      const candidate = gate + (count - 2) * units;
      const at = row * units + unit;
      const before = heap[cPrevious + at] as number;
      const dC = Math.abs(heap[c + at] as number) >= limit ? 0 : flushed(heap[dc + at] as number);
      const i = heap[gate] as number;
      const f = coupled ? 1 - i : (heap[gate + units] as number);
      const g = heap[candidate] as number;
      const peephole = (place: number) => (peepholes ? (heap[peepholes + place * units + unit] as number) : 0);
      const dI = dC * (coupled ? g - before : g) * i * (1 - i);
      const dF = coupled ? 0 : dC * before * f * (1 - f);
      heap[gate] = dI;
      if (!coupled) heap[gate + units] = dF;
      heap[candidate] = dC * i * (1 - g * g);
      heap[dc + at] = dC * f + peephole(0) * dI + (coupled ? 0 : peephole(1) * dF);
    }
  }
}

/**
 * dPeephole += Σ_r dGate[r, :]⊙c[r, :], rows ascending: one gate's, whose derivatives stand `stride` elements apart from
 * row to row.
 */
export function lstmPeepholeGradient(
  heap: Heap,
  rows: number,
  units: number,
  dGate: number,
  stride: number,
  c: number,
  dPeephole: number,
): void {
  for (let row = 0; row < rows; row++) {
    for (let unit = 0; unit < units; unit++) {
      (heap[dPeephole + unit] as number) +=
        (heap[dGate + row * stride + unit] as number) * (heap[c + row * units + unit] as number);
    }
  }
}
