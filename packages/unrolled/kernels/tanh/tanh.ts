import { Address, at } from "../math/address";
import { tanh4 } from "../math/tanh";
import { loadLanes, storeLanes } from "../math/lanes";

/** y = tanh(x); y may be x. The last one to three elements go through a padded vector: a result never depends on its place. */
export function tanh(length: i32, x: Address, y: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) v128.store(at(y) + offset, tanh4(v128.load(at(x) + offset)));
  const rest = length & 3;
  if (rest) storeLanes(at(y) + offset, tanh4(loadLanes(at(x) + offset, rest)), rest);
}
