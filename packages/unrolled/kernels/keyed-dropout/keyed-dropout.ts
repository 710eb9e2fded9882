/** Dropout of rows x: [rows, columns] whose masks belong to keys: [rows], 32-bit integers, and not to the places where the rows lie. */
import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";
import { dropoutFactors } from "../random/dropout-factors";

/**
 * y[r, i] += x[r, i]·f, f = 1 / (1 − rate) or 0 (inverted dropout, Srivastava et al. 2014), drawn by element keys[r]·columns + i: rows of
 * one key share a mask, and rows keep theirs wherever they lie. Elements are those of `dropout`.
 */
export function addDropout(
  rows: i32, columns: i32, rate: f32, k0: u32, k1: u32, c1: u32, c2: u32, keys: Address, x: Address, y: Address,
): void {
  for (let row = 0; row < rows; row++) {
    const first = <u32>(load<i32>(at(keys + row)) * columns);
    const from = at(x + row * columns);
    const to = at(y + row * columns);
    let i = 0;
    // four numbers come from one block, in which a row may begin anywhere
    while (i < columns) {
      const n = first + i;
      const lanes = min(4 - <i32>(n & 3), columns - i);
      const factors = aligned(dropoutFactors(n >> 2, rate, k0, k1, c1, c2), n & 3);
      const offset = <usize>i << 2;
      if (lanes == 4) addScaled(from + offset, factors, to + offset, 4);
      else addScaled(from + offset, factors, to + offset, lanes);
      i += lanes;
    }
  }
}

/** y[r, :] += x[r, :]·f, one f for the whole row, drawn by element keys[r] */
export function addRowDropout(
  rows: i32, columns: i32, rate: f32, k0: u32, k1: u32, c1: u32, c2: u32, keys: Address, x: Address, y: Address,
): void {
  const whole = <usize>(columns & ~3) << 2;
  const rest = columns & 3;
  for (let row = 0; row < rows; row++) {
    const n = load<u32>(at(keys + row));
    const factor = f32x4.splat(f32x4.extract_lane(aligned(dropoutFactors(n >> 2, rate, k0, k1, c1, c2), n & 3), 0));
    const from = at(x + row * columns);
    const to = at(y + row * columns);
    for (let i: usize = 0; i < whole; i += 16) addScaled(from + i, factor, to + i, 4);
    if (rest) addScaled(from + whole, factor, to + whole, rest);
  }
}

/** The lanes from `lane` on, moved to the front. */
function aligned(factors: v128, lane: u32): v128 {
  const places = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return i8x16.swizzle(factors, i8x16.add(places, i8x16.splat(<i8>(lane << 2))));
}

// @ts-ignore: decorator
@inline function addScaled(x: usize, factors: v128, y: usize, lanes: i32): void {
  storeLanes(y, f32x4.add(loadLanes(y, lanes), f32x4.mul(loadLanes(x, lanes), factors)), lanes);
}
