/**
 * The LSTM's pointwise passes. Gates of a row lie side by side: i, f, g, o, each `units` long.
 *
 *   gates: [rows, 4, units]    c, tanhC, h, dh, dc: [rows, units]
 */
import { Address, at } from "../math/address";
import { flushed, leastDerivative } from "../math/flush";
import { loadLanes, loadSecond, storeLanes, storeSecond } from "../math/lanes";
import { madd } from "../math/madd";
import { sigmoidRange } from "../math/sigmoid";
import { sigmoidSlope, tanhSlope } from "../math/slopes";
import { tanhRange } from "../math/tanh";

/** gates: pre-activations in, activations out. c = f⊙c' + i⊙g, h = o⊙tanh(c). */
export function lstmForward(
  rows: i32, units: i32, gates: Address, cPrevious: Address, c: Address, tanhC: Address, h: Address,
): void {
  const bytes = <usize>units << 2;
  const end8 = <usize>(units & ~7) << 2;
  const end4 = <usize>(units & ~3) << 2;
  for (let row = 0; row < rows; row++) {
    const first = <usize>row * bytes;
    const i = at(gates) + 4 * first;
    const cBefore = at(cPrevious) + first;
    const cell = at(c) + first;
    const squashed = at(tanhC) + first;
    const out = at(h) + first;
    sigmoidRange(2 * units, i, i);
    tanhRange(units, i + 2 * bytes, i + 2 * bytes);
    sigmoidRange(units, i + 3 * bytes, i + 3 * bytes);
    let u: usize = 0;
    for (; u < end8; u += 32) cellLanes(4, true, i + u, bytes, cBefore + u, cell + u);
    for (; u < end4; u += 16) cellLanes(4, false, i + u, bytes, cBefore + u, cell + u);
    for (; u < bytes; u += 4) cellLanes(1, false, i + u, bytes, cBefore + u, cell + u);
    tanhRange(units, cell, squashed);
    for (u = 0; u < end8; u += 32) hiddenLanes(4, true, i + 3 * bytes + u, squashed + u, out + u);
    for (; u < end4; u += 16) hiddenLanes(4, false, i + 3 * bytes + u, squashed + u, out + u);
    for (; u < bytes; u += 4) hiddenLanes(1, false, i + 3 * bytes + u, squashed + u, out + u);
  }
}

/** c = f⊙c' + i⊙g */
// @ts-ignore: decorator
@inline function cellLanes(lanes: i32, pair: bool, gates: usize, bytes: usize, cPrevious: usize, c: usize): void {
  const f = gates + bytes, g = f + bytes;
  const c0 = madd(loadLanes(f, lanes), loadLanes(cPrevious, lanes), f32x4.mul(loadLanes(gates, lanes), loadLanes(g, lanes)));
  const c1 = madd(loadSecond(f, pair), loadSecond(cPrevious, pair), f32x4.mul(loadSecond(gates, pair), loadSecond(g, pair)));
  storeLanes(c, c0, lanes);
  storeSecond(c, c1, pair);
}

/** h = o⊙tanh(c) */
// @ts-ignore: decorator
@inline function hiddenLanes(lanes: i32, pair: bool, o: usize, tanhC: usize, h: usize): void {
  const h0 = f32x4.mul(loadLanes(o, lanes), loadLanes(tanhC, lanes));
  const h1 = f32x4.mul(loadSecond(o, pair), loadSecond(tanhC, pair));
  storeLanes(h, h0, lanes);
  storeSecond(h, h1, pair);
}

/**
 * gates: activations in, derivatives by the pre-activations out. dc: derivative by c in, by c' out. dh: derivative by h in, 0
 * out, since h' reaches h through the gates alone. Derivatives by h and c below 1e-25 count as 0 (math/flush.ts).
 */
export function lstmBackward(
  rows: i32, units: i32, gates: Address, cPrevious: Address, tanhC: Address, dh: Address, dc: Address,
): void {
  const least = leastDerivative();
  const bytes = <usize>units << 2;
  const end8 = <usize>(units & ~7) << 2;
  const end4 = <usize>(units & ~3) << 2;
  for (let row = 0; row < rows; row++) {
    const first = <usize>row * bytes;
    const gate = at(gates) + 4 * first;
    const cBefore = at(cPrevious) + first;
    const squashed = at(tanhC) + first;
    const dH = at(dh) + first;
    const dC = at(dc) + first;
    let u: usize = 0;
    for (; u < end8; u += 32) backwardLanes(4, true, gate + u, bytes, cBefore + u, squashed + u, dH + u, dC + u, least);
    for (; u < end4; u += 16) backwardLanes(4, false, gate + u, bytes, cBefore + u, squashed + u, dH + u, dC + u, least);
    for (; u < bytes; u += 4) backwardLanes(1, false, gate + u, bytes, cBefore + u, squashed + u, dH + u, dC + u, least);
  }
}

// @ts-ignore: decorator
@inline function backwardLanes(
  lanes: i32, pair: bool, gates: usize, bytes: usize, cPrevious: usize, tanhC: usize, dh: usize, dc: usize,
  least: v128,
): void {
  const gf = gates + bytes, gg = gf + bytes, go = gg + bytes;
  const i0 = loadLanes(gates, lanes), i1 = loadSecond(gates, pair);
  const f0 = loadLanes(gf, lanes), f1 = loadSecond(gf, pair);
  const g0 = loadLanes(gg, lanes), g1 = loadSecond(gg, pair);
  const o0 = loadLanes(go, lanes), o1 = loadSecond(go, pair);
  const t0 = loadLanes(tanhC, lanes), t1 = loadSecond(tanhC, pair);
  const dH0 = flushed(loadLanes(dh, lanes), least), dH1 = flushed(loadSecond(dh, pair), least);
  const p0 = loadLanes(cPrevious, lanes), p1 = loadSecond(cPrevious, pair);
  const dC0 = flushed(madd(f32x4.mul(dH0, o0), tanhSlope(t0), loadLanes(dc, lanes)), least);
  const dC1 = flushed(madd(f32x4.mul(dH1, o1), tanhSlope(t1), loadSecond(dc, pair)), least);
  const dI0 = f32x4.mul(f32x4.mul(dC0, g0), sigmoidSlope(i0));
  const dI1 = f32x4.mul(f32x4.mul(dC1, g1), sigmoidSlope(i1));
  const dF0 = f32x4.mul(f32x4.mul(dC0, p0), sigmoidSlope(f0));
  const dF1 = f32x4.mul(f32x4.mul(dC1, p1), sigmoidSlope(f1));
  const dG0 = f32x4.mul(f32x4.mul(dC0, i0), tanhSlope(g0));
  const dG1 = f32x4.mul(f32x4.mul(dC1, i1), tanhSlope(g1));
  const dO0 = f32x4.mul(f32x4.mul(dH0, t0), sigmoidSlope(o0));
  const dO1 = f32x4.mul(f32x4.mul(dH1, t1), sigmoidSlope(o1));
  const dP0 = f32x4.mul(dC0, f0), dP1 = f32x4.mul(dC1, f1);
  storeLanes(gates, dI0, lanes);
  storeSecond(gates, dI1, pair);
  storeLanes(gf, dF0, lanes);
  storeSecond(gf, dF1, pair);
  storeLanes(gg, dG0, lanes);
  storeSecond(gg, dG1, pair);
  storeLanes(go, dO0, lanes);
  storeSecond(go, dO1, pair);
  storeLanes(dc, dP0, lanes);
  storeSecond(dc, dP1, pair);
  storeLanes(dh, f32x4.splat(0), lanes);
  storeSecond(dh, f32x4.splat(0), pair);
}
