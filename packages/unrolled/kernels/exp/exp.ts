import { Address, at } from "../math/address";
import { exp4 } from "../math/exp";
import { loadLanes, storeLanes } from "../math/lanes";

/** y = e^x; y may be x. The last one to three elements go through a padded vector: a result never depends on its place. */
export function exp(length: i32, x: Address, y: Address): void {
  let from = at(x), to = at(y);
  for (const end = from + (<usize>(length & ~7) << 2); from < end; from += 32, to += 32) {
    const y0 = exp4(v128.load(from)), y1 = exp4(v128.load(from, 16));
    v128.store(to, y0);
    v128.store(to, y1, 16);
  }
  for (let rest = length & 7; rest > 0; rest -= 4, from += 16, to += 16) storeLanes(to, exp4(loadLanes(from, rest)), rest);
}
