import { constant } from "./constant";
import { madd, nmadd } from "./madd";

const P = memory.data<f32>([0.25, 0.0018582827, 1.7714289e-6]);
const Q = memory.data<f32>([1, 0.02826645, 7.5139935e-5, 1.8917634e-8]);
const HIGHEST = memory.data<f32>([20]);
const LOWEST = memory.data<f32>([-20]);

/**
 * sigmoid(x) = 1 / (1 + e^-x), four floats at once, with one division.
 *
 * Method: A/B ≈ tanh(x/4), A = x P(x²) and B = Q(x²) (coefficients.py), up to |x| = 20. So (B - A) / (B + A) ≈ e^(-x/2), and
 *
 *   sigmoid(x) = (B + A)² / ((B + A)² + (B - A)²)
 *
 * which can't leave [0, 1], its divisor being the dividend plus a square.
 *
 * Absolute error < 1.5e-7. Exactly 1 from x = 20 on, and 1/2 at 0. Below -20 the result stays about 1e-8: the relative error of
 * small results is not bounded. NaN gives NaN.
 */
// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  // The bounds stand second: pmin and pmax hand on a first operand that is NaN. On x64 they are one instruction, min and max eight.
  const a = f32x4.pmax(f32x4.pmin(x, constant(HIGHEST)), constant(LOWEST));
  const t = f32x4.mul(a, a);

  const p = madd(madd(constant(P, 2), t, constant(P, 1)), t, constant(P, 0));
  const q = madd(madd(madd(constant(Q, 3), t, constant(Q, 2)), t, constant(Q, 1)), t, constant(Q, 0));

  const sum = madd(a, p, q);
  const difference = nmadd(a, p, q);
  const dividend = f32x4.mul(sum, sum);
  return f32x4.div(dividend, madd(difference, difference, dividend));
}
