import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";
import { dropoutFactors } from "../random/dropout-factors";

/**
 * Inverted dropout (Srivastava et al. 2014): y = x / (1 − rate) where kept, else 0. Whether element n is kept depends on the key
 * (k0, k1), the draw (c1, c2) and n alone, so the way back draws the same mask again instead of keeping it. The first element is `first`, a
 * multiple of 4.
 */
export function dropout(length: i32, first: i32, rate: f32, k0: u32, k1: u32, c1: u32, c2: u32, x: Address, y: Address): void {
  const end = length & ~3;
  for (let n = 0; n < end; n += 4) {
    v128.store(at(y + n), f32x4.mul(v128.load(at(x + n)), dropoutFactors(<u32>(first + n) >> 2, rate, k0, k1, c1, c2)));
  }
  const rest = length & 3;
  if (rest) storeLanes(at(y + end), f32x4.mul(loadLanes(at(x + end), rest), dropoutFactors(<u32>(first + end) >> 2, rate, k0, k1, c1, c2)), rest);
}

/** dx += dy / (1 − rate) where kept */
export function dropoutBackward(length: i32, first: i32, rate: f32, k0: u32, k1: u32, c1: u32, c2: u32, dy: Address, dx: Address): void {
  const end = length & ~3;
  for (let n = 0; n < end; n += 4) {
    const kept = f32x4.mul(v128.load(at(dy + n)), dropoutFactors(<u32>(first + n) >> 2, rate, k0, k1, c1, c2));
    v128.store(at(dx + n), f32x4.add(v128.load(at(dx + n)), kept));
  }
  const rest = length & 3;
  if (rest) {
    const kept = f32x4.mul(loadLanes(at(dy + end), rest), dropoutFactors(<u32>(first + end) >> 2, rate, k0, k1, c1, c2));
    storeLanes(at(dx + end), f32x4.add(loadLanes(at(dx + end), rest), kept), rest);
  }
}
