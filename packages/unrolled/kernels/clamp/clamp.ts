import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";

/** y = x within ±limit, NaN where x is */
export function clamp(length: i32, limit: f32, x: Address, y: Address): void {
  const high = f32x4.splat(limit);
  const low = f32x4.splat(-limit);
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) v128.store(at(y) + offset, f32x4.min(f32x4.max(v128.load(at(x) + offset), low), high));
  const rest = length & 3;
  if (rest) storeLanes(at(y) + offset, f32x4.min(f32x4.max(loadLanes(at(x) + offset, rest), low), high), rest);
}

/** dx += dy where |x| < limit */
export function clampBackward(length: i32, limit: f32, x: Address, dy: Address, dx: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) addInside(4, limit, at(x) + offset, at(dy) + offset, at(dx) + offset);
  const rest = length & 3;
  if (rest) addInside(rest, limit, at(x) + offset, at(dy) + offset, at(dx) + offset);
}

// @ts-ignore: decorator
@inline function addInside(lanes: i32, limit: f32, x: usize, dy: usize, dx: usize): void {
  const inside = f32x4.lt(f32x4.abs(loadLanes(x, lanes)), f32x4.splat(limit));
  storeLanes(dx, f32x4.add(loadLanes(dx, lanes), v128.and(loadLanes(dy, lanes), inside)), lanes);
}
