import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";

/** y = √x */
export function squareRoot(length: i32, x: Address, y: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) v128.store(at(y) + offset, f32x4.sqrt(v128.load(at(x) + offset)));
  const rest = length & 3;
  if (rest) storeLanes(at(y) + offset, f32x4.sqrt(loadLanes(at(x) + offset, rest)), rest);
}

/** y = |x| */
export function absolute(length: i32, x: Address, y: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) v128.store(at(y) + offset, f32x4.abs(v128.load(at(x) + offset)));
  const rest = length & 3;
  if (rest) storeLanes(at(y) + offset, f32x4.abs(loadLanes(at(x) + offset, rest)), rest);
}

/** dx += dy · sign(x) */
export function absoluteBackward(length: i32, x: Address, dy: Address, dx: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) {
    v128.store(at(dx) + offset, f32x4.add(v128.load(at(dx) + offset), withSign(v128.load(at(x) + offset), v128.load(at(dy) + offset))));
  }
  const rest = length & 3;
  if (rest) {
    storeLanes(at(dx) + offset, f32x4.add(loadLanes(at(dx) + offset, rest), withSign(loadLanes(at(x) + offset, rest), loadLanes(at(dy) + offset, rest))), rest);
  }
}

// @ts-ignore: decorator
@inline function withSign(x: v128, dy: v128): v128 {
  const zero = f32x4.splat(0);
  return f32x4.sub(v128.and(dy, f32x4.gt(x, zero)), v128.and(dy, f32x4.lt(x, zero)));
}
