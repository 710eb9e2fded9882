/**
 * Loads and stores of a vector whose last lanes may lie past the end. Called with the literal 4 the branch is gone after
 * inlining, so a kernel writes its formula once for the whole vectors and for the rest.
 */
import { loadPartial, storePartial } from "./partial";

// @ts-ignore: decorator
@inline export function loadLanes(address: usize, lanes: i32): v128 {
  return lanes >= 4 ? v128.load(address) : loadPartial(address, lanes);
}

// @ts-ignore: decorator
@inline export function storeLanes(address: usize, value: v128, lanes: i32): void {
  if (lanes >= 4) v128.store(address, value);
  else storePartial(address, value, lanes);
}

/**
 * A second vector, right behind the first: two neighbours in every step let V8 make 256-bit operations of pairs
 * (matmul/wide.ts). Called with a literal, so that a kernel writes its formula once for two vectors and for one.
 */
// @ts-ignore: decorator
@inline export function loadSecond(address: usize, pair: bool): v128 {
  return pair ? v128.load(address, 16) : f32x4.splat(0);
}

// @ts-ignore: decorator
@inline export function storeSecond(address: usize, value: v128, pair: bool): void {
  if (pair) v128.store(address, value, 16);
}
