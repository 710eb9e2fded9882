import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";
import { philox } from "../random/philox";

/**
 * Inverted dropout (Srivastava et al. 2014): y = x / (1 − rate) where kept, else 0. Whether element n is kept depends on the key
 * (k0, k1), the draw (c1, c2) and n alone, so the way back draws the same mask again instead of keeping it.
 */
export function dropout(length: i32, rate: f32, k0: u32, k1: u32, c1: u32, c2: u32, x: Address, y: Address): void {
  const end = length & ~3;
  for (let n = 0; n < end; n += 4) {
    v128.store(at(y + n), f32x4.mul(v128.load(at(x + n)), mask(n, rate, k0, k1, c1, c2)));
  }
  const rest = length & 3;
  if (rest) storeLanes(at(y + end), f32x4.mul(loadLanes(at(x + end), rest), mask(end, rate, k0, k1, c1, c2)), rest);
}

/** dx += dy / (1 − rate) where kept */
export function dropoutBackward(length: i32, rate: f32, k0: u32, k1: u32, c1: u32, c2: u32, dy: Address, dx: Address): void {
  const end = length & ~3;
  for (let n = 0; n < end; n += 4) {
    const kept = f32x4.mul(v128.load(at(dy + n)), mask(n, rate, k0, k1, c1, c2));
    v128.store(at(dx + n), f32x4.add(v128.load(at(dx + n)), kept));
  }
  const rest = length & 3;
  if (rest) {
    const kept = f32x4.mul(loadLanes(at(dy + end), rest), mask(end, rate, k0, k1, c1, c2));
    storeLanes(at(dx + end), f32x4.add(loadLanes(at(dx + end), rest), kept), rest);
  }
}

/** 1 / (1 − rate) or 0 for elements n to n + 3; a word's upper 24 bits are a uniform number in [0, 1). */
function mask(n: i32, rate: f32, k0: u32, k1: u32, c1: u32, c2: u32): v128 {
  const words = philox(<u32>n >> 2, c1, c2, 0, k0, k1);
  const uniform = f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(words, 8)), f32x4.splat(5.9604644775390625e-8));
  return v128.and(f32x4.ge(uniform, f32x4.splat(rate)), f32x4.splat(<f32>1 / (<f32>1 - rate)));
}
