/**
 * The pointwise passes of an LSTM with peepholes, coupled gates, a limit of the cell state, or a normalised one before
 * tanh. Gates of a row lie side by side: i, f, g, o, or i, g, o where they are `coupled`, f being 1 − i. The peepholes'
 * address is 0 where there are none.
 *
 *   gates: [rows, 4 or 3, units]    peepholes: [3 or 2, units], for i, f, o or i, o
 *   c, seen, tanhC, h, dh, dc, dSeen: [rows, units]
 */
import { Address, at } from "../math/address";
import { flushed, leastDerivative } from "../math/flush";
import { loadLanes, storeLanes } from "../math/lanes";
import { madd } from "../math/madd";
import { sigmoidSlope, tanhSlope } from "../math/slopes";
import { sigmoid } from "../sigmoid/sigmoid";
import { tanh } from "../tanh/tanh";

/** gates: of i, f and g pre-activations in, activations out. c = f⊙c' + i⊙g, within ±limit. */
export function lstmVariantCell(
  rows: i32, units: i32, coupled: bool, gates: Address, peepholes: Address, limit: f32, cPrevious: Address, c: Address,
): void {
  const bytes = <usize>units << 2;
  const whole = <usize>(units & ~3) << 2;
  const count = coupled ? 3 : 4;
  const high = f32x4.splat(limit);
  for (let row = 0; row < rows; row++) {
    const gate = gates + row * count * units;
    const candidate = gate + (count - 2) * units;
    const before = cPrevious + row * units;
    if (peepholes) addPeephole(units, peepholes, before, gate);
    if (peepholes && !coupled) addPeephole(units, peepholes + units, before, gate + units);
    sigmoid((count - 2) * units, gate, gate);
    tanh(units, candidate, candidate);
    const i = at(gate);
    const g = at(candidate);
    const from = at(before);
    const to = at(c + row * units);
    for (let n: usize = 0; n < whole; n += 16) cellLanes(4, coupled, bytes, i + n, g + n, high, from + n, to + n);
    for (let n = whole; n < bytes; n += 4) cellLanes(1, coupled, bytes, i + n, g + n, high, from + n, to + n);
  }
}

// @ts-ignore: decorator
@inline function cellLanes(
  lanes: i32, coupled: bool, bytes: usize, input: usize, candidate: usize, high: v128, cPrevious: usize, c: usize,
): void {
  const i = loadLanes(input, lanes);
  const f = coupled ? f32x4.sub(f32x4.splat(1), i) : loadLanes(input + bytes, lanes);
  const cell = madd(f, loadLanes(cPrevious, lanes), f32x4.mul(i, loadLanes(candidate, lanes)));
  // The bounds stand second: pmin and pmax hand on a first operand that is NaN.
  storeLanes(c, f32x4.pmax(f32x4.pmin(cell, high), f32x4.neg(high)), lanes);
}

/** gate += peephole⊙c, in one row */
function addPeephole(units: i32, peephole: Address, c: Address, gate: Address): void {
  lstmPeepholeGradient(1, units, peephole, 0, c, gate);
}

/**
 * gates: of o pre-activations in, activations out. h = o⊙tanh(seen), where seen is c or what it is normalised to; tanh is
 * kept.
 */
export function lstmVariantHidden(
  rows: i32, units: i32, coupled: bool, gates: Address, peepholes: Address, c: Address, seen: Address, tanhC: Address, h: Address,
): void {
  const bytes = <usize>units << 2;
  const whole = <usize>(units & ~3) << 2;
  const count = coupled ? 3 : 4;
  tanh(rows * units, seen, tanhC);
  for (let row = 0; row < rows; row++) {
    const gate = gates + (row * count + count - 1) * units;
    if (peepholes) addPeephole(units, peepholes + (count - 2) * units, c + row * units, gate);
    sigmoid(units, gate, gate);
    const o = at(gate);
    const squashed = at(tanhC + row * units);
    const to = at(h + row * units);
    for (let n: usize = 0; n < whole; n += 16) product(4, o + n, squashed + n, to + n);
    for (let n = whole; n < bytes; n += 4) product(1, o + n, squashed + n, to + n);
  }
}

// @ts-ignore: decorator
@inline function product(lanes: i32, a: usize, b: usize, to: usize): void {
  storeLanes(to, f32x4.mul(loadLanes(a, lanes), loadLanes(b, lanes)), lanes);
}

/**
 * The derivative of `lstmVariantHidden`. gates: of o the activation in, the derivative by its pre-activation out. dc +=
 * p_o⊙that, dSeen += dh⊙o⊙(1 − tanhC²); dSeen may be dc, where nothing stands between c and tanh. dh below 1e-25 counts
 * as 0 (math/flush.ts).
 */
export function lstmVariantHiddenBackward(
  rows: i32, units: i32, coupled: bool, gates: Address, peepholes: Address,
  tanhC: Address, dh: Address, dc: Address, dSeen: Address,
): void {
  const least = leastDerivative();
  const bytes = <usize>units << 2;
  const whole = <usize>(units & ~3) << 2;
  const rowBytes = (coupled ? 3 : 4) * bytes;
  const peephole = rowBytes - 2 * bytes;
  for (let row: usize = 0; row < <usize>rows; row++) {
    const gate = at(gates) + (row + 1) * rowBytes - bytes;
    const first = row * bytes;
    for (let i: usize = 0; i < whole; i += 16) {
      const unit = first + i;
      hiddenSlopes(4, gate + i, peepholes, peephole + i, at(tanhC) + unit, at(dh) + unit, at(dc) + unit, at(dSeen) + unit, least);
    }
    for (let i = whole; i < bytes; i += 4) {
      const unit = first + i;
      hiddenSlopes(1, gate + i, peepholes, peephole + i, at(tanhC) + unit, at(dh) + unit, at(dc) + unit, at(dSeen) + unit, least);
    }
  }
}

// @ts-ignore: decorator
@inline function hiddenSlopes(
  lanes: i32, gate: usize, peepholes: Address, unit: usize, tanhC: usize, dh: usize, dc: usize, dSeen: usize, least: v128,
): void {
  const o = loadLanes(gate, lanes);
  const t = loadLanes(tanhC, lanes);
  const dH = flushed(loadLanes(dh, lanes), least);
  const dO = f32x4.mul(f32x4.mul(dH, t), sigmoidSlope(o));
  storeLanes(gate, dO, lanes);
  if (peepholes) storeLanes(dc, madd(loadLanes(at(peepholes) + unit, lanes), dO, loadLanes(dc, lanes)), lanes);
  storeLanes(dSeen, madd(f32x4.mul(dH, o), tanhSlope(t), loadLanes(dSeen, lanes)), lanes);
}

/**
 * The derivative of `lstmVariantCell`. gates: of i, f and g activations in, derivatives by the pre-activations out. dc:
 * derivative by c in, by c' out; below 1e-25 it counts as 0. Where c is at the limit it was held there, and the
 * derivative ends.
 */
export function lstmVariantCellBackward(
  rows: i32, units: i32, coupled: bool, gates: Address, peepholes: Address, limit: f32,
  cPrevious: Address, c: Address, dc: Address,
): void {
  const least = leastDerivative();
  const bytes = <usize>units << 2;
  const whole = <usize>(units & ~3) << 2;
  const rowBytes = (coupled ? 3 : 4) * bytes;
  const high = f32x4.splat(limit);
  for (let row: usize = 0; row < <usize>rows; row++) {
    const gate = at(gates) + row * rowBytes;
    const first = row * bytes;
    for (let i: usize = 0; i < whole; i += 16) {
      const unit = first + i;
      cellSlopes(4, coupled, bytes, gate + i, peepholes, i, high, at(cPrevious) + unit, at(c) + unit, at(dc) + unit, least);
    }
    for (let i = whole; i < bytes; i += 4) {
      const unit = first + i;
      cellSlopes(1, coupled, bytes, gate + i, peepholes, i, high, at(cPrevious) + unit, at(c) + unit, at(dc) + unit, least);
    }
  }
}

// @ts-ignore: decorator
@inline function cellSlopes(
  lanes: i32, coupled: bool, bytes: usize, gates: usize, peepholes: Address, unit: usize, high: v128,
  cPrevious: usize, c: usize, dc: usize, least: v128,
): void {
  const before = loadLanes(cPrevious, lanes);
  const dC = v128.andnot(flushed(loadLanes(dc, lanes), least), f32x4.ge(f32x4.abs(loadLanes(c, lanes)), high));
  const i = loadLanes(gates, lanes);
  const candidate = gates + (coupled ? bytes : 2 * bytes);
  const g = loadLanes(candidate, lanes);
  const f = coupled ? f32x4.sub(f32x4.splat(1), i) : loadLanes(gates + bytes, lanes);
  const byInput = coupled ? f32x4.sub(g, before) : g;

  const dI = f32x4.mul(f32x4.mul(dC, byInput), sigmoidSlope(i));
  let dBefore = f32x4.mul(dC, f);
  if (peepholes) dBefore = madd(loadLanes(at(peepholes) + unit, lanes), dI, dBefore);
  storeLanes(candidate, f32x4.mul(f32x4.mul(dC, i), tanhSlope(g)), lanes);
  storeLanes(gates, dI, lanes);
  if (!coupled) {
    const dF = f32x4.mul(f32x4.mul(dC, before), sigmoidSlope(f));
    if (peepholes) dBefore = madd(loadLanes(at(peepholes) + unit + bytes, lanes), dF, dBefore);
    storeLanes(gates + bytes, dF, lanes);
  }
  storeLanes(dc, dBefore, lanes);
}

/**
 * dPeephole += Σ_r dGate[r, :]⊙c[r, :], rows ascending: one gate's, whose derivatives stand `stride` elements apart from
 * row to row.
 */
export function lstmPeepholeGradient(rows: i32, units: i32, dGate: Address, stride: i32, c: Address, dPeephole: Address): void {
  const bytes = <usize>units << 2;
  const whole = <usize>(units & ~3) << 2;
  for (let row = 0; row < rows; row++) {
    const from = at(dGate + row * stride);
    const cell = at(c + row * units);
    for (let i: usize = 0; i < whole; i += 16) addProduct(4, from + i, cell + i, at(dPeephole) + i);
    for (let i = whole; i < bytes; i += 4) addProduct(1, from + i, cell + i, at(dPeephole) + i);
  }
}

// @ts-ignore: decorator
@inline function addProduct(lanes: i32, a: usize, b: usize, sum: usize): void {
  storeLanes(sum, madd(loadLanes(a, lanes), loadLanes(b, lanes), loadLanes(sum, lanes)), lanes);
}
