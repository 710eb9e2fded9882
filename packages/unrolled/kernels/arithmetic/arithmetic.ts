import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";

/** y = a + b */
export function add(length: i32, a: Address, b: Address, y: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) {
    v128.store(at(y) + offset, f32x4.add(v128.load(at(a) + offset), v128.load(at(b) + offset)));
  }
  const rest = length & 3;
  if (rest) storeLanes(at(y) + offset, f32x4.add(loadLanes(at(a) + offset, rest), loadLanes(at(b) + offset, rest)), rest);
}

/** y = a − b */
export function subtract(length: i32, a: Address, b: Address, y: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) {
    v128.store(at(y) + offset, f32x4.sub(v128.load(at(a) + offset), v128.load(at(b) + offset)));
  }
  const rest = length & 3;
  if (rest) storeLanes(at(y) + offset, f32x4.sub(loadLanes(at(a) + offset, rest), loadLanes(at(b) + offset, rest)), rest);
}

/** y = a⊙b */
export function multiply(length: i32, a: Address, b: Address, y: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) {
    v128.store(at(y) + offset, f32x4.mul(v128.load(at(a) + offset), v128.load(at(b) + offset)));
  }
  const rest = length & 3;
  if (rest) storeLanes(at(y) + offset, f32x4.mul(loadLanes(at(a) + offset, rest), loadLanes(at(b) + offset, rest)), rest);
}

/** y = a / b */
export function divide(length: i32, a: Address, b: Address, y: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) {
    v128.store(at(y) + offset, f32x4.div(v128.load(at(a) + offset), v128.load(at(b) + offset)));
  }
  const rest = length & 3;
  if (rest) storeLanes(at(y) + offset, f32x4.div(loadLanes(at(a) + offset, rest), loadLanes(at(b) + offset, rest)), rest);
}
