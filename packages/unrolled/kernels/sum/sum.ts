/** Sums over a range, in chunks of fixed length and order, so that they never depend on who computes them. */
import { Address, at } from "../math/address";

const CHUNK: i32 = 4096;

/** Σ x */
export function sum(length: i32, x: Address): f64 {
  let total: f64 = 0;
  for (let first = 0; first < length; first += CHUNK) {
    let chunk: f64 = 0;
    const last = min(length, first + CHUNK);
    for (let i = first; i < last; i++) chunk += <f64>load<f32>(at(x + i));
    total += chunk;
  }
  return total;
}

/** Σ x² */
export function sumSquares(length: i32, x: Address): f64 {
  let total: f64 = 0;
  for (let first = 0; first < length; first += CHUNK) {
    const last = min(length, first + CHUNK);
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    let i = first;
    for (; i + 4 <= last; i += 4) {
      const v = v128.load(at(x + i));
      const a = f64x2.promote_low_f32x4(v);
      const b = f64x2.promote_low_f32x4(v128.shuffle<i32>(v, v, 2, 3, 2, 3));
      low = f64x2.add(low, f64x2.mul(a, a));
      high = f64x2.add(high, f64x2.mul(b, b));
    }
    const both = f64x2.add(low, high);
    let chunk = f64x2.extract_lane(both, 0) + f64x2.extract_lane(both, 1);
    for (; i < last; i++) {
      const value = <f64>load<f32>(at(x + i));
      chunk += value * value;
    }
    total += chunk;
  }
  return total;
}
