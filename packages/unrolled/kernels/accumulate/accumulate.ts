import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";
import { madd } from "../math/madd";

/** y = factor · x */
export function scale(length: i32, factor: f32, x: Address, y: Address): void {
  const end = <usize>(length & ~3) << 2;
  const factors = f32x4.splat(factor);
  let offset: usize = 0;
  for (; offset < end; offset += 16) v128.store(at(y) + offset, f32x4.mul(factors, v128.load(at(x) + offset)));
  const rest = length & 3;
  if (rest) storeLanes(at(y) + offset, f32x4.mul(factors, loadLanes(at(x) + offset, rest)), rest);
}

/** y += factor · x */
export function addScaled(length: i32, factor: f32, x: Address, y: Address): void {
  const end = <usize>(length & ~3) << 2;
  const factors = f32x4.splat(factor);
  let offset: usize = 0;
  for (; offset < end; offset += 16) v128.store(at(y) + offset, madd(factors, v128.load(at(x) + offset), v128.load(at(y) + offset)));
  const rest = length & 3;
  if (rest) storeLanes(at(y) + offset, madd(factors, loadLanes(at(x) + offset, rest), loadLanes(at(y) + offset, rest)), rest);
}

/** y += a⊙b */
export function multiplyAdd(length: i32, a: Address, b: Address, y: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) {
    v128.store(at(y) + offset, madd(v128.load(at(a) + offset), v128.load(at(b) + offset), v128.load(at(y) + offset)));
  }
  const rest = length & 3;
  if (rest) {
    storeLanes(at(y) + offset, madd(loadLanes(at(a) + offset, rest), loadLanes(at(b) + offset, rest), loadLanes(at(y) + offset, rest)), rest);
  }
}
