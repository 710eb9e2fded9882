import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";
import { madd } from "../math/madd";
import { sigmoidSlope, tanhSlope } from "../math/slopes";

/** dx += dy⊙(1 − y²), y = tanh x */
export function tanhBackward(length: i32, y: Address, dy: Address, dx: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) {
    v128.store(at(dx) + offset, madd(v128.load(at(dy) + offset), tanhSlope(v128.load(at(y) + offset)), v128.load(at(dx) + offset)));
  }
  const rest = length & 3;
  if (rest) {
    storeLanes(at(dx) + offset, madd(loadLanes(at(dy) + offset, rest), tanhSlope(loadLanes(at(y) + offset, rest)), loadLanes(at(dx) + offset, rest)), rest);
  }
}

/** dx += dy⊙y⊙(1 − y), y = σ(x) */
export function sigmoidBackward(length: i32, y: Address, dy: Address, dx: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) {
    v128.store(at(dx) + offset, madd(v128.load(at(dy) + offset), sigmoidSlope(v128.load(at(y) + offset)), v128.load(at(dx) + offset)));
  }
  const rest = length & 3;
  if (rest) {
    storeLanes(at(dx) + offset, madd(loadLanes(at(dy) + offset, rest), sigmoidSlope(loadLanes(at(y) + offset, rest)), loadLanes(at(dx) + offset, rest)), rest);
  }
}
