/** Sums over a range, in chunks of fixed length and order, so that they never depend on who computes them. */
import { Address, at } from "../math/address";

const CHUNK: i32 = 4096;

/** Σ x */
export function sum(length: i32, x: Address): f64 {
  let total: f64 = 0;
  for (let first = 0; first < length; first += CHUNK) total += chunkSum(min(CHUNK, length - first), at(x + first), false);
  return total;
}

/** Σ x² */
export function sumSquares(length: i32, x: Address): f64 {
  let total: f64 = 0;
  for (let first = 0; first < length; first += CHUNK) total += chunkSum(min(CHUNK, length - first), at(x + first), true);
  return total;
}

/** Eight sums side by side, added up in the end. */
// @ts-ignore: decorator
@inline function chunkSum(length: i32, x: usize, squared: bool): f64 {
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (const end = x + (<usize>(length & ~7) << 2); x < end; x += 32) {
    const v = v128.load(x), w = v128.load(x, 16);
    s0 = f64x2.add(s0, term(f64x2.promote_low_f32x4(v), squared));
    s1 = f64x2.add(s1, term(f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 2, 3)), squared));
    s2 = f64x2.add(s2, term(f64x2.promote_low_f32x4(w), squared));
    s3 = f64x2.add(s3, term(f64x2.promote_low_f32x4(v128.shuffle<i32>(w, w, 2, 3, 2, 3)), squared));
  }
  const both = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  let chunk = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
  for (let rest = length & 7; rest > 0; rest--, x += 4) {
    const value = <f64>load<f32>(x);
    chunk += squared ? value * value : value;
  }
  return chunk;
}

// @ts-ignore: decorator
@inline function term(values: v128, squared: bool): v128 {
  return squared ? f64x2.mul(values, values) : values;
}
