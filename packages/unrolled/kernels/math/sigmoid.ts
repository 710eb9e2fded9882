import { constant } from "./constant";
import { loadLanes, storeLanes } from "./lanes";
import { madd, nmadd } from "./madd";

const P = memory.data<f32>([0.25, 0.0018582827, 1.7714289e-6]);
const Q = memory.data<f32>([1, 0.02826645, 7.5139935e-5, 1.8917634e-8]);
const HIGHEST = memory.data<f32>([20]);
const LOWEST = memory.data<f32>([-20]);

/**
 * sigmoid(x) = 1 / (1 + e^-x) of a range, with one division; `to` may be `from`. The last one to three elements go through a
 * padded vector: a result never depends on its place.
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
export function sigmoidRange(length: i32, from: usize, to: usize): void {
  // Read once: what stands before the loop stays in registers.
  const highest = constant(HIGHEST), lowest = constant(LOWEST);
  const p0 = constant(P), p1 = constant(P, 1), p2 = constant(P, 2);
  const q0 = constant(Q), q1 = constant(Q, 1), q2 = constant(Q, 2), q3 = constant(Q, 3);
  for (const end = from + (<usize>(length & ~7) << 2); from < end; from += 32, to += 32) {
    const y0 = sigmoid4(v128.load(from), highest, lowest, p0, p1, p2, q0, q1, q2, q3);
    const y1 = sigmoid4(v128.load(from, 16), highest, lowest, p0, p1, p2, q0, q1, q2, q3);
    v128.store(to, y0);
    v128.store(to, y1, 16);
  }
  for (let rest = length & 7; rest > 0; rest -= 4, from += 16, to += 16) {
    storeLanes(to, sigmoid4(loadLanes(from, rest), highest, lowest, p0, p1, p2, q0, q1, q2, q3), rest);
  }
}

// @ts-ignore: decorator
@inline function sigmoid4(
  x: v128, highest: v128, lowest: v128, p0: v128, p1: v128, p2: v128, q0: v128, q1: v128, q2: v128, q3: v128,
): v128 {
  // The bounds stand second: pmin and pmax hand on a first operand that is NaN. On x64 they are one instruction, min and max eight.
  const a = f32x4.pmax(f32x4.pmin(x, highest), lowest);
  const t = f32x4.mul(a, a);

  const p = madd(madd(p2, t, p1), t, p0);
  const q = madd(madd(madd(q3, t, q2), t, q1), t, q0);

  const sum = madd(a, p, q);
  const difference = nmadd(a, p, q);
  const dividend = f32x4.mul(sum, sum);
  return f32x4.div(dividend, madd(difference, difference, dividend));
}
