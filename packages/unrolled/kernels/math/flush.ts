import { constant } from "./constant";

const LEAST = memory.data<f32>([1e-25]);

/**
 * The magnitude below which a derivative counts as 0; read before a loop, since nothing may stand between the stores of a pair.
 */
// @ts-ignore: decorator
@inline export function leastDerivative(): v128 {
  return constant(LEAST);
}

/**
 * x, and 0 where |x| is below `least`. NaN stays.
 *
 * Gradients that vanish over hundreds of steps end in subnormal numbers (below 1e-38), with which every operation takes a
 * hundred times as long, and Wasm can't switch them off. What comes in at 1e-25 or more stays above them through the slopes of
 * gates (1e-8 at least, if not 0) and the product with the weights; and below it is nothing that float32 could add to a weight.
 */
// @ts-ignore: decorator
@inline export function flushed(x: v128, least: v128): v128 {
  return v128.andnot(x, f32x4.lt(f32x4.abs(x), least));
}
