import { constant } from "./constant";
import { madd, nmadd } from "./madd";

const P = memory.data<f32>([1, 1.000006, 0.49987084, 0.1675549, 0.03906265, 0.01166937]);
const HIGHEST = memory.data<f32>([89]);
const LOWEST = memory.data<f32>([-88]);
const LOG2_E = memory.data<f32>([1.44269504]);
// -1/2, and so little more that 0, a tie, gives m = 0.
const MINUS_HALF = memory.data<f32>([-0.49999997]);
// 1.5 * 2^23, where the spacing of floats is 1, plus the bias of a float's exponent.
const SHIFT = memory.data<f32>([12583039]);
// ln 2 in two parts: the first has 15 bits, so that its product with m is exact.
const LN2_HIGH = memory.data<f32>([0.693145751953125]);
const LN2_LOW = memory.data<f32>([1.4286068e-6]);

/**
 * e^x, four floats at once.
 *
 * Method: x = m ln 2 + r with an integer m and r in [0, ln 2], so e^x = 2^m e^r; e^r ≈ P(r) (coefficients.py).
 *
 * Relative error < 2e-7 where the result is a normal number (x from -87.33654 to 88.72283). Above, ∞; below, where the result
 * would be subnormal, 0. NaN gives NaN, and e^0 is 1.
 */
// @ts-ignore: decorator
@inline
export function exp4(x: v128): v128 {
  // At these bounds the scale below is ∞ or 0. They stand second: pmin and pmax hand on a first operand that is NaN.
  const bounded = f32x4.pmax(f32x4.pmin(x, constant(HIGHEST)), constant(LOWEST));

  // Adding SHIFT rounds x log2(e) - 1/2 to an integer, m, and leaves m and the bias in the lowest bits: shifted up, they are 2^m.
  const shifted = f32x4.add(madd(bounded, constant(LOG2_E), constant(MINUS_HALF)), constant(SHIFT));
  const scale = i32x4.shl(shifted, 23);
  const m = f32x4.sub(shifted, constant(SHIFT));
  const r = nmadd(m, constant(LN2_LOW), nmadd(m, constant(LN2_HIGH), bounded));

  let p = madd(constant(P, 5), r, constant(P, 4));
  p = madd(p, r, constant(P, 3));
  p = madd(p, r, constant(P, 2));
  p = madd(p, r, constant(P, 1));
  p = madd(p, r, constant(P, 0));
  return f32x4.mul(p, scale);
}
