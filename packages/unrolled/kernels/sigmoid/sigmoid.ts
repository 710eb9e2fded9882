import { Address, at } from "../math/address";
import { sigmoid4 } from "../math/sigmoid";
import { loadLanes, storeLanes } from "../math/lanes";

/** y = 1 / (1 + e^-x); y may be x. The last one to three elements go through a padded vector: a result never depends on its place. */
export function sigmoid(length: i32, x: Address, y: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) v128.store(at(y) + offset, sigmoid4(v128.load(at(x) + offset)));
  const rest = length & 3;
  if (rest) storeLanes(at(y) + offset, sigmoid4(loadLanes(at(x) + offset, rest)), rest);
}
