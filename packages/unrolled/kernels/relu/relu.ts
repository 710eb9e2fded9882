import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";

/** y = max(x, 0) */
export function relu(length: i32, x: Address, y: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) v128.store(at(y) + offset, f32x4.max(v128.load(at(x) + offset), f32x4.splat(0)));
  const rest = length & 3;
  if (rest) storeLanes(at(y) + offset, f32x4.max(loadLanes(at(x) + offset, rest), f32x4.splat(0)), rest);
}

/** dx += dy where y > 0 */
export function reluBackward(length: i32, y: Address, dy: Address, dx: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) {
    v128.store(at(dx) + offset, f32x4.add(v128.load(at(dx) + offset), v128.and(v128.load(at(dy) + offset), f32x4.gt(v128.load(at(y) + offset), f32x4.splat(0)))));
  }
  const rest = length & 3;
  if (rest) {
    storeLanes(at(dx) + offset, f32x4.add(loadLanes(at(dx) + offset, rest), v128.and(loadLanes(at(dy) + offset, rest), f32x4.gt(loadLanes(at(y) + offset, rest), f32x4.splat(0)))), rest);
  }
}
