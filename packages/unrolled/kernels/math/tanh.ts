import { constant } from "./constant";
import { loadLanes, storeLanes } from "./lanes";
import { madd, nmadd } from "./madd";

const P = memory.data<f32>([0.94, 0.02795772, 0.0001067479]);
// Q's first coefficient is P's.
const Q = memory.data<f32>([0.10629102, 0.001131038, 1.141297e-6]);
const LIMIT = memory.data<f32>([10]);
const HALF = memory.data<f32>([0.5]);
const SIGN = memory.data<f32>([-0.0]);

/**
 * tanh(x) of a range; `to` may be `from`. The last one to three elements go through a padded vector: a result never depends on
 * its place.
 *
 * Method: u = A/B ≈ tanh(|x|/2), A = |x| P(x²) and B = Q(x²) (coefficients.py), up to |x| = 10; then
 *
 *   tanh |x| = 2u / (1 + u²) = 2AB / (2AB + (B - A)²)
 *
 * It takes fewer terms than a quotient for tanh itself, rounding in A and B hardly matters where they are nearly equal, and it
 * can't exceed 1, its divisor being the dividend plus a square.
 *
 * Absolute error < 1.6e-7, relative error < 3.1e-7 where x is a normal number. Odd; exactly 1 from x = 10 on. NaN gives NaN.
 */
export function tanhRange(length: i32, from: usize, to: usize): void {
  // Read once: what stands before the loop stays in registers.
  const limit = constant(LIMIT), half = constant(HALF), sign = constant(SIGN);
  const p0 = constant(P), p1 = constant(P, 1), p2 = constant(P, 2);
  const q1 = constant(Q), q2 = constant(Q, 1), q3 = constant(Q, 2);
  for (const end = from + (<usize>(length & ~7) << 2); from < end; from += 32, to += 32) {
    const y0 = tanh4(v128.load(from), limit, half, sign, p0, p1, p2, q1, q2, q3);
    const y1 = tanh4(v128.load(from, 16), limit, half, sign, p0, p1, p2, q1, q2, q3);
    v128.store(to, y0);
    v128.store(to, y1, 16);
  }
  for (let rest = length & 7; rest > 0; rest -= 4, from += 16, to += 16) {
    storeLanes(to, tanh4(loadLanes(from, rest), limit, half, sign, p0, p1, p2, q1, q2, q3), rest);
  }
}

// @ts-ignore: decorator
@inline function tanh4(
  x: v128, limit: v128, half: v128, signBit: v128, p0: v128, p1: v128, p2: v128, q1: v128, q2: v128, q3: v128,
): v128 {
  const sign = v128.and(x, signBit);
  // The bound stands second: pmin hands on a first operand that is NaN. It is one instruction on x64, where min is eight.
  const a = f32x4.pmin(v128.xor(x, sign), limit);
  const t = f32x4.mul(a, a);

  const p = madd(madd(p2, t, p1), t, p0);
  const q = madd(madd(madd(q3, t, q2), t, q1), t, p0);

  const twiceA = f32x4.mul(a, p);
  const difference = nmadd(twiceA, half, q);
  const dividend = f32x4.mul(twiceA, q);
  const value = f32x4.div(dividend, madd(difference, difference, dividend));
  return v128.or(value, sign);
}
