/**
 * The simple RNN's pointwise pass on the way back (on the way there it is `tanh` or `relu`).
 *
 * dGates = dh⊙activation'(h), and dh: derivative by h in, 0 out, since h' reaches h through the pre-activation alone.
 */
import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";

export function rnnTanhBackward(length: i32, h: Address, dh: Address, dGates: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) tanhLanes(4, at(h) + offset, at(dh) + offset, at(dGates) + offset);
  if (length & 3) tanhLanes(length & 3, at(h) + offset, at(dh) + offset, at(dGates) + offset);
}

// @ts-ignore: decorator
@inline function tanhLanes(lanes: i32, h: usize, dh: usize, dGates: usize): void {
  const y = loadLanes(h, lanes);
  storeLanes(dGates, f32x4.mul(loadLanes(dh, lanes), f32x4.sub(f32x4.splat(1), f32x4.mul(y, y))), lanes);
  storeLanes(dh, f32x4.splat(0), lanes);
}

export function rnnReluBackward(length: i32, h: Address, dh: Address, dGates: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) reluLanes(4, at(h) + offset, at(dh) + offset, at(dGates) + offset);
  if (length & 3) reluLanes(length & 3, at(h) + offset, at(dh) + offset, at(dGates) + offset);
}

// @ts-ignore: decorator
@inline function reluLanes(lanes: i32, h: usize, dh: usize, dGates: usize): void {
  storeLanes(dGates, v128.and(loadLanes(dh, lanes), f32x4.gt(loadLanes(h, lanes), f32x4.splat(0))), lanes);
  storeLanes(dh, f32x4.splat(0), lanes);
}
