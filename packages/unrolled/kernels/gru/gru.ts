/**
 * The GRU's pointwise passes, reset after the product. Gates of a row lie side by side: r, z, n, each `units` long.
 *
 *   gates, recurrent: [rows, 3, units]    h, candidate, dh: [rows, units]
 */
import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";
import { madd } from "../math/madd";
import { sigmoid4 } from "../math/sigmoid";
import { tanh4 } from "../math/tanh";

/**
 * gates: W_i x + b_i in, activations out; recurrent: W_h h' + b_h; candidate: W_hn h' + b_hn, kept for the way back.
 * n = tanh(W_in x + b_in + r⊙candidate), h = (1−z)⊙n + z⊙h'.
 */
export function gruForward(
  rows: i32, units: i32, gates: Address, recurrent: Address, hPrevious: Address, candidate: Address, h: Address,
): void {
  const gateBytes = <usize>units << 2;
  const whole = units & ~3;
  for (let row = 0; row < rows; row++) {
    const first = <usize>row * gateBytes;
    let gate = 3 * first;
    let offset = first;
    for (let unit = 0; unit < whole; unit += 4) {
      forwardLanes(4, at(gates) + gate, at(recurrent) + gate, gateBytes, at(hPrevious) + offset, at(candidate) + offset, at(h) + offset);
      gate += 16;
      offset += 16;
    }
    if (whole < units) {
      const rest = units - whole;
      forwardLanes(rest, at(gates) + gate, at(recurrent) + gate, gateBytes, at(hPrevious) + offset, at(candidate) + offset, at(h) + offset);
    }
  }
}

// @ts-ignore: decorator
@inline function forwardLanes(
  lanes: i32, gates: usize, recurrent: usize, gateBytes: usize, hPrevious: usize, candidate: usize, h: usize,
): void {
  const r = sigmoid4(f32x4.add(loadLanes(gates, lanes), loadLanes(recurrent, lanes)));
  const z = sigmoid4(f32x4.add(loadLanes(gates + gateBytes, lanes), loadLanes(recurrent + gateBytes, lanes)));
  const hn = loadLanes(recurrent + 2 * gateBytes, lanes);
  const n = tanh4(madd(r, hn, loadLanes(gates + 2 * gateBytes, lanes)));
  storeLanes(gates, r, lanes);
  storeLanes(gates + gateBytes, z, lanes);
  storeLanes(gates + 2 * gateBytes, n, lanes);
  storeLanes(candidate, hn, lanes);
  storeLanes(h, madd(z, f32x4.sub(loadLanes(hPrevious, lanes), n), n), lanes);
}

/**
 * gates: activations in, derivatives by W_i x + b_i out; dRecurrent: derivatives by W_h h' + b_h out;
 * dh: derivative by h in, its part that reaches h' directly (z⊙dh) out.
 */
export function gruBackward(
  rows: i32, units: i32, gates: Address, dRecurrent: Address, hPrevious: Address, candidate: Address, dh: Address,
): void {
  const gateBytes = <usize>units << 2;
  const whole = units & ~3;
  for (let row = 0; row < rows; row++) {
    const first = <usize>row * gateBytes;
    let gate = 3 * first;
    let offset = first;
    for (let unit = 0; unit < whole; unit += 4) {
      backwardLanes(4, at(gates) + gate, at(dRecurrent) + gate, gateBytes, at(hPrevious) + offset, at(candidate) + offset, at(dh) + offset);
      gate += 16;
      offset += 16;
    }
    if (whole < units) {
      const rest = units - whole;
      backwardLanes(rest, at(gates) + gate, at(dRecurrent) + gate, gateBytes, at(hPrevious) + offset, at(candidate) + offset, at(dh) + offset);
    }
  }
}

// @ts-ignore: decorator
@inline function backwardLanes(
  lanes: i32, gates: usize, dRecurrent: usize, gateBytes: usize, hPrevious: usize, candidate: usize, dh: usize,
): void {
  const one = f32x4.splat(1);
  const r = loadLanes(gates, lanes);
  const z = loadLanes(gates + gateBytes, lanes);
  const n = loadLanes(gates + 2 * gateBytes, lanes);
  const dH = loadLanes(dh, lanes);
  const dN = f32x4.mul(f32x4.mul(dH, f32x4.sub(one, z)), f32x4.sub(one, f32x4.mul(n, n)));
  const dZ = f32x4.mul(f32x4.mul(dH, f32x4.sub(loadLanes(hPrevious, lanes), n)), f32x4.mul(z, f32x4.sub(one, z)));
  const dR = f32x4.mul(f32x4.mul(dN, loadLanes(candidate, lanes)), f32x4.mul(r, f32x4.sub(one, r)));
  storeLanes(gates, dR, lanes);
  storeLanes(gates + gateBytes, dZ, lanes);
  storeLanes(gates + 2 * gateBytes, dN, lanes);
  storeLanes(dRecurrent, dR, lanes);
  storeLanes(dRecurrent + gateBytes, dZ, lanes);
  storeLanes(dRecurrent + 2 * gateBytes, f32x4.mul(dN, r), lanes);
  storeLanes(dh, f32x4.mul(dH, z), lanes);
}
