/**
 * The pointwise passes of a GRU whose candidate waits for its gates: reset before the product, or normalised by itself.
 * The gates r and z of a row lie side by side, apart from the candidate.
 *
 *   gates: [rows, 2, units]    candidate, value, product, h, dh: [rows, units]
 */
import { Address, at } from "../math/address";
import { flushed, leastDerivative } from "../math/flush";
import { loadLanes, storeLanes } from "../math/lanes";
import { madd } from "../math/madd";
import { sigmoidSlope, tanhSlope } from "../math/slopes";
import { sigmoid } from "../sigmoid/sigmoid";
import { tanh } from "../tanh/tanh";

/** gates: pre-activations in, activations out. product += r⊙value, where value is h', or W_hn h' + b_hn. */
export function gruVariantGates(rows: i32, units: i32, gates: Address, value: Address, product: Address): void {
  const bytes = <usize>units << 2;
  const whole = <usize>(units & ~3) << 2;
  sigmoid(2 * rows * units, gates, gates);
  for (let row: usize = 0; row < <usize>rows; row++) {
    const reset = at(gates) + 2 * row * bytes;
    const from = at(value) + row * bytes;
    const to = at(product) + row * bytes;
    for (let i: usize = 0; i < whole; i += 16) addProduct(4, reset + i, from + i, to + i);
    for (let i = whole; i < bytes; i += 4) addProduct(1, reset + i, from + i, to + i);
  }
}

// @ts-ignore: decorator
@inline function addProduct(lanes: i32, r: usize, value: usize, product: usize): void {
  storeLanes(product, madd(loadLanes(r, lanes), loadLanes(value, lanes), loadLanes(product, lanes)), lanes);
}

/** candidate: pre-activation in, n out. h = (1−z)⊙n + z⊙h'. */
export function gruVariantHidden(
  rows: i32, units: i32, gates: Address, candidate: Address, hPrevious: Address, h: Address,
): void {
  const bytes = <usize>units << 2;
  const whole = <usize>(units & ~3) << 2;
  tanh(rows * units, candidate, candidate);
  for (let row: usize = 0; row < <usize>rows; row++) {
    const update = at(gates) + (2 * row + 1) * bytes;
    const n = at(candidate) + row * bytes;
    const before = at(hPrevious) + row * bytes;
    const to = at(h) + row * bytes;
    for (let i: usize = 0; i < whole; i += 16) hiddenLanes(4, update + i, n + i, before + i, to + i);
    for (let i = whole; i < bytes; i += 4) hiddenLanes(1, update + i, n + i, before + i, to + i);
  }
}

// @ts-ignore: decorator
@inline function hiddenLanes(lanes: i32, update: usize, candidate: usize, hPrevious: usize, h: usize): void {
  const n = loadLanes(candidate, lanes);
  storeLanes(h, madd(loadLanes(update, lanes), f32x4.sub(loadLanes(hPrevious, lanes), n), n), lanes);
}

/**
 * The derivative of `gruVariantHidden`. gates: of z the activation in, the derivative by its pre-activation out;
 * candidate: n in, the derivative by its pre-activation out; dh: derivative by h in, its part that reaches h' directly
 * (z⊙dh) out. Below 1e-25 it counts as 0 (math/flush.ts).
 */
export function gruVariantHiddenBackward(
  rows: i32, units: i32, gates: Address, candidate: Address, hPrevious: Address, dh: Address,
): void {
  const least = leastDerivative();
  const bytes = <usize>units << 2;
  const whole = <usize>(units & ~3) << 2;
  for (let row: usize = 0; row < <usize>rows; row++) {
    const update = at(gates) + (2 * row + 1) * bytes;
    const first = row * bytes;
    for (let i: usize = 0; i < whole; i += 16) {
      const unit = first + i;
      hiddenSlopes(4, update + i, at(candidate) + unit, at(hPrevious) + unit, at(dh) + unit, least);
    }
    for (let i = whole; i < bytes; i += 4) {
      const unit = first + i;
      hiddenSlopes(1, update + i, at(candidate) + unit, at(hPrevious) + unit, at(dh) + unit, least);
    }
  }
}

// @ts-ignore: decorator
@inline function hiddenSlopes(lanes: i32, update: usize, candidate: usize, hPrevious: usize, dh: usize, least: v128): void {
  const z = loadLanes(update, lanes);
  const n = loadLanes(candidate, lanes);
  const dH = flushed(loadLanes(dh, lanes), least);
  const along = f32x4.mul(dH, f32x4.sub(f32x4.splat(1), z));
  storeLanes(update, f32x4.mul(f32x4.mul(along, f32x4.sub(loadLanes(hPrevious, lanes), n)), z), lanes);
  storeLanes(candidate, f32x4.mul(along, tanhSlope(n)), lanes);
  storeLanes(dh, f32x4.mul(dH, z), lanes);
}

/**
 * The derivative of `gruVariantGates`. gates: of r the activation in, the derivative by its pre-activation out; dValue +=
 * dProduct⊙r.
 */
export function gruVariantGatesBackward(
  rows: i32, units: i32, gates: Address, value: Address, dProduct: Address, dValue: Address,
): void {
  const bytes = <usize>units << 2;
  const whole = <usize>(units & ~3) << 2;
  for (let row: usize = 0; row < <usize>rows; row++) {
    const reset = at(gates) + 2 * row * bytes;
    const first = row * bytes;
    for (let i: usize = 0; i < whole; i += 16) {
      const unit = first + i;
      gateSlopes(4, reset + i, at(value) + unit, at(dProduct) + unit, at(dValue) + unit);
    }
    for (let i = whole; i < bytes; i += 4) {
      const unit = first + i;
      gateSlopes(1, reset + i, at(value) + unit, at(dProduct) + unit, at(dValue) + unit);
    }
  }
}

// @ts-ignore: decorator
@inline function gateSlopes(lanes: i32, reset: usize, value: usize, dProduct: usize, dValue: usize): void {
  const r = loadLanes(reset, lanes);
  const slope = loadLanes(dProduct, lanes);
  storeLanes(reset, f32x4.mul(f32x4.mul(slope, loadLanes(value, lanes)), sigmoidSlope(r)), lanes);
  storeLanes(dValue, madd(slope, r, loadLanes(dValue, lanes)), lanes);
}
