import { constant } from "./constant";
import { madd } from "./madd";

const P = memory.data<f32>([-0.5, 0.3333391, -0.25001335, 0.199631, -0.16577652, 0.14914508, -0.14266932, 0.08700401]);
const ONE = memory.data<f32>([1]);
const SMALLEST_NORMAL = memory.data<f32>([1.17549435e-38]);
const TWO_TO_23 = memory.data<f32>([8388608]);
const TWENTY_THREE = memory.data<f32>([23]);
const SQRT_HALF = memory.data<f32>([0.70710677]);
// ln 2 in two parts: the first has 15 bits, so that its product with e is exact.
const LN2_HIGH = memory.data<f32>([0.693145751953125]);
const LN2_LOW = memory.data<f32>([1.4286068e-6]);
const INFINITY = memory.data<f32>([Infinity]);
const NOT_A_NUMBER = memory.data<f32>([NaN]);

/**
 * The natural logarithm of x, four floats at once.
 *
 * Method: x = 2^e (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), so log x = e ln 2 + log(1 + f); log(1 + f) ≈ f + f² P(f)
 * (coefficients.py).
 *
 * Relative error < 3e-7, subnormal x included. log(±0) = -∞, log(∞) = ∞; negative x and NaN give NaN.
 */
// @ts-ignore: decorator
@inline
export function log4(x: v128): v128 {
  const zero = f32x4.splat(0);
  const subnormal = f32x4.lt(x, constant(SMALLEST_NORMAL));
  const normal = v128.bitselect(f32x4.mul(x, constant(TWO_TO_23)), x, subnormal);

  // The difference of the bits from those of sqrt(1/2) has e in the place of the exponent.
  const exponent = i32x4.shr_s(i32x4.sub(normal, constant(SQRT_HALF)), 23);
  const f = f32x4.sub(i32x4.sub(normal, i32x4.shl(exponent, 23)), constant(ONE));
  const e = f32x4.sub(f32x4.convert_i32x4_s(exponent), v128.and(subnormal, constant(TWENTY_THREE)));

  let p = madd(constant(P, 7), f, constant(P, 6));
  p = madd(p, f, constant(P, 5));
  p = madd(p, f, constant(P, 4));
  p = madd(p, f, constant(P, 3));
  p = madd(p, f, constant(P, 2));
  p = madd(p, f, constant(P, 1));
  p = madd(p, f, constant(P, 0));

  const small = madd(e, constant(LN2_LOW), f32x4.mul(f32x4.mul(f, f), p));
  const value = f32x4.add(madd(e, constant(LN2_HIGH), f), small);

  // What is no finite positive number: ∞ and NaN stay.
  const infinity = constant(INFINITY);
  const finite = v128.bitselect(value, x, f32x4.lt(x, infinity));
  const defined = v128.bitselect(f32x4.neg(infinity), finite, f32x4.eq(x, zero));
  return v128.bitselect(constant(NOT_A_NUMBER), defined, f32x4.lt(x, zero));
}
