/**
 * The simple RNN's pointwise pass on the way back (on the way there it is `tanh` or `relu`).
 *
 * dGates = dh⊙activation'(h), and dh: derivative by h in, 0 out, since h' reaches h through the pre-activation alone. A dh below
 * 1e-25 counts as 0 (math/flush.ts).
 */
import { Address, at } from "../math/address";
import { flushed, leastDerivative } from "../math/flush";
import { loadLanes, loadSecond, storeLanes, storeSecond } from "../math/lanes";
import { tanhSlope } from "../math/slopes";

export function rnnTanhBackward(length: i32, h: Address, dh: Address, dGates: Address): void {
  backward(true, length, at(h), at(dh), at(dGates));
}

export function rnnReluBackward(length: i32, h: Address, dh: Address, dGates: Address): void {
  backward(false, length, at(h), at(dh), at(dGates));
}

// @ts-ignore: decorator
@inline function backward(isTanh: bool, length: i32, h: usize, dh: usize, dGates: usize): void {
  const least = leastDerivative();
  const end8 = <usize>(length & ~7) << 2;
  const end = <usize>length << 2;
  let u: usize = 0;
  for (; u < end8; u += 32) backwardLanes(4, true, isTanh, h + u, dh + u, dGates + u, least);
  for (; u < end; u += 4) backwardLanes(1, false, isTanh, h + u, dh + u, dGates + u, least);
}

// @ts-ignore: decorator
@inline function backwardLanes(lanes: i32, pair: bool, isTanh: bool, h: usize, dh: usize, dGates: usize, least: v128): void {
  const d0 = derivative(isTanh, loadLanes(h, lanes), flushed(loadLanes(dh, lanes), least));
  const d1 = derivative(isTanh, loadSecond(h, pair), flushed(loadSecond(dh, pair), least));
  storeLanes(dGates, d0, lanes);
  storeSecond(dGates, d1, pair);
  storeLanes(dh, f32x4.splat(0), lanes);
  storeSecond(dh, f32x4.splat(0), pair);
}

// @ts-ignore: decorator
@inline function derivative(isTanh: bool, y: v128, dy: v128): v128 {
  return isTanh ? f32x4.mul(dy, tanhSlope(y)) : v128.and(dy, f32x4.gt(y, f32x4.splat(0)));
}
