import { philox } from "./philox";

/**
 * 1 / (1 − rate) or 0 for elements 4·block to 4·block + 3 of inverted dropout (Srivastava et al. 2014), drawn under a key (k0, k1) and a
 * draw (c1, c2). A word's upper 24 bits are a uniform number in [0, 1).
 */
export function dropoutFactors(block: u32, rate: f32, k0: u32, k1: u32, c1: u32, c2: u32): v128 {
  const words = philox(block, c1, c2, 0, k0, k1);
  const uniform = f32x4.mul(f32x4.convert_i32x4_u(i32x4.shr_u(words, 8)), f32x4.splat(5.9604644775390625e-8));
  return v128.and(f32x4.ge(uniform, f32x4.splat(rate)), f32x4.splat(<f32>1 / (<f32>1 - rate)));
}
