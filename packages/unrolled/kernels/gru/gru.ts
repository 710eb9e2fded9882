/**
 * The GRU's pointwise passes, reset after the product. Gates of a row lie side by side: r, z, n, each `units` long.
 *
 *   gates, recurrent: [rows, 3, units]    h, candidate, dh: [rows, units]
 */
import { Address, at } from "../math/address";
import { flushed, leastDerivative } from "../math/flush";
import { loadLanes, loadSecond, storeLanes, storeSecond } from "../math/lanes";
import { madd } from "../math/madd";
import { sigmoidRange } from "../math/sigmoid";
import { sigmoidSlope, tanhSlope } from "../math/slopes";
import { tanhRange } from "../math/tanh";

/**
 * gates: W_i x + b_i in, activations out; recurrent: W_h h' + b_h; candidate: W_hn h' + b_hn, kept for the way back.
 * n = tanh(W_in x + b_in + r⊙candidate), h = (1−z)⊙n + z⊙h'.
 */
export function gruForward(
  rows: i32, units: i32, gates: Address, recurrent: Address, hPrevious: Address, candidate: Address, h: Address,
): void {
  const bytes = <usize>units << 2;
  const end8 = <usize>(units & ~7) << 2;
  const end4 = <usize>(units & ~3) << 2;
  for (let row = 0; row < rows; row++) {
    const first = <usize>row * bytes;
    const r = at(gates) + 3 * first;
    const hr = at(recurrent) + 3 * first;
    const kept = at(candidate) + first;
    const before = at(hPrevious) + first;
    const out = at(h) + first;
    let u: usize = 0;
    for (; u < end8; u += 32) sumLanes(4, true, r + u, hr + u, bytes);
    for (; u < end4; u += 16) sumLanes(4, false, r + u, hr + u, bytes);
    for (; u < bytes; u += 4) sumLanes(1, false, r + u, hr + u, bytes);
    sigmoidRange(2 * units, r, r);
    for (u = 0; u < end8; u += 32) candidateLanes(4, true, r + u, hr + u, bytes, kept + u);
    for (; u < end4; u += 16) candidateLanes(4, false, r + u, hr + u, bytes, kept + u);
    for (; u < bytes; u += 4) candidateLanes(1, false, r + u, hr + u, bytes, kept + u);
    tanhRange(units, r + 2 * bytes, r + 2 * bytes);
    for (u = 0; u < end8; u += 32) hiddenLanes(4, true, r + u, bytes, before + u, out + u);
    for (; u < end4; u += 16) hiddenLanes(4, false, r + u, bytes, before + u, out + u);
    for (; u < bytes; u += 4) hiddenLanes(1, false, r + u, bytes, before + u, out + u);
  }
}

/** What both sides add to r and to z. */
// @ts-ignore: decorator
@inline function sumLanes(lanes: i32, pair: bool, r: usize, hr: usize, bytes: usize): void {
  const z = r + bytes, hz = hr + bytes;
  const r0 = f32x4.add(loadLanes(r, lanes), loadLanes(hr, lanes)), r1 = f32x4.add(loadSecond(r, pair), loadSecond(hr, pair));
  const z0 = f32x4.add(loadLanes(z, lanes), loadLanes(hz, lanes)), z1 = f32x4.add(loadSecond(z, pair), loadSecond(hz, pair));
  storeLanes(r, r0, lanes);
  storeSecond(r, r1, pair);
  storeLanes(z, z0, lanes);
  storeSecond(z, z1, pair);
}

/** W_in x + b_in + r⊙candidate */
// @ts-ignore: decorator
@inline function candidateLanes(lanes: i32, pair: bool, r: usize, hr: usize, bytes: usize, candidate: usize): void {
  const n = r + 2 * bytes, hn = hr + 2 * bytes;
  const h0 = loadLanes(hn, lanes), h1 = loadSecond(hn, pair);
  const n0 = madd(loadLanes(r, lanes), h0, loadLanes(n, lanes)), n1 = madd(loadSecond(r, pair), h1, loadSecond(n, pair));
  storeLanes(candidate, h0, lanes);
  storeSecond(candidate, h1, pair);
  storeLanes(n, n0, lanes);
  storeSecond(n, n1, pair);
}

/** h = n + z⊙(h' − n) */
// @ts-ignore: decorator
@inline function hiddenLanes(lanes: i32, pair: bool, r: usize, bytes: usize, hPrevious: usize, h: usize): void {
  const z = r + bytes, n = z + bytes;
  const n0 = loadLanes(n, lanes), n1 = loadSecond(n, pair);
  const h0 = madd(loadLanes(z, lanes), f32x4.sub(loadLanes(hPrevious, lanes), n0), n0);
  const h1 = madd(loadSecond(z, pair), f32x4.sub(loadSecond(hPrevious, pair), n1), n1);
  storeLanes(h, h0, lanes);
  storeSecond(h, h1, pair);
}

/**
 * gates: activations in, derivatives by W_i x + b_i out; dRecurrent: derivatives by W_h h' + b_h out; dh: derivative by h in,
 * its part that reaches h' directly (z⊙dh) out. A derivative by h below 1e-25 counts as 0 (math/flush.ts).
 */
export function gruBackward(
  rows: i32, units: i32, gates: Address, dRecurrent: Address, hPrevious: Address, candidate: Address, dh: Address,
): void {
  const least = leastDerivative();
  const bytes = <usize>units << 2;
  const end8 = <usize>(units & ~7) << 2;
  const end4 = <usize>(units & ~3) << 2;
  for (let row = 0; row < rows; row++) {
    const first = <usize>row * bytes;
    const gate = at(gates) + 3 * first;
    const dHr = at(dRecurrent) + 3 * first;
    const before = at(hPrevious) + first;
    const kept = at(candidate) + first;
    const dH = at(dh) + first;
    let u: usize = 0;
    for (; u < end8; u += 32) backwardLanes(4, true, gate + u, dHr + u, bytes, before + u, kept + u, dH + u, least);
    for (; u < end4; u += 16) backwardLanes(4, false, gate + u, dHr + u, bytes, before + u, kept + u, dH + u, least);
    for (; u < bytes; u += 4) backwardLanes(1, false, gate + u, dHr + u, bytes, before + u, kept + u, dH + u, least);
  }
}

// @ts-ignore: decorator
@inline function backwardLanes(
  lanes: i32, pair: bool, gates: usize, dRecurrent: usize, bytes: usize, hPrevious: usize, candidate: usize, dh: usize, least: v128,
): void {
  const one = f32x4.splat(1);
  const gz = gates + bytes, gn = gz + bytes;
  const r0 = loadLanes(gates, lanes), r1 = loadSecond(gates, pair);
  const z0 = loadLanes(gz, lanes), z1 = loadSecond(gz, pair);
  const n0 = loadLanes(gn, lanes), n1 = loadSecond(gn, pair);
  const dH0 = flushed(loadLanes(dh, lanes), least), dH1 = flushed(loadSecond(dh, pair), least);
  const h0 = loadLanes(hPrevious, lanes), h1 = loadSecond(hPrevious, pair);
  const c0 = loadLanes(candidate, lanes), c1 = loadSecond(candidate, pair);
  const dN0 = f32x4.mul(f32x4.mul(dH0, f32x4.sub(one, z0)), tanhSlope(n0));
  const dN1 = f32x4.mul(f32x4.mul(dH1, f32x4.sub(one, z1)), tanhSlope(n1));
  const dZ0 = f32x4.mul(f32x4.mul(dH0, f32x4.sub(h0, n0)), sigmoidSlope(z0));
  const dZ1 = f32x4.mul(f32x4.mul(dH1, f32x4.sub(h1, n1)), sigmoidSlope(z1));
  const dR0 = f32x4.mul(f32x4.mul(dN0, c0), sigmoidSlope(r0));
  const dR1 = f32x4.mul(f32x4.mul(dN1, c1), sigmoidSlope(r1));
  const dHn0 = f32x4.mul(dN0, r0), dHn1 = f32x4.mul(dN1, r1);
  const dP0 = f32x4.mul(dH0, z0), dP1 = f32x4.mul(dH1, z1);
  storeLanes(gates, dR0, lanes);
  storeSecond(gates, dR1, pair);
  storeLanes(gz, dZ0, lanes);
  storeSecond(gz, dZ1, pair);
  storeLanes(gn, dN0, lanes);
  storeSecond(gn, dN1, pair);
  storeLanes(dRecurrent, dR0, lanes);
  storeSecond(dRecurrent, dR1, pair);
  storeLanes(dRecurrent + bytes, dZ0, lanes);
  storeSecond(dRecurrent + bytes, dZ1, pair);
  storeLanes(dRecurrent + 2 * bytes, dHn0, lanes);
  storeSecond(dRecurrent + 2 * bytes, dHn1, pair);
  storeLanes(dh, dP0, lanes);
  storeSecond(dh, dP1, pair);
}
