/**
 * Loads and stores of a vector whose last lanes may lie past the end. Called with the literal 4 the branch is gone after inlining,
 * so a kernel writes its formula once for the whole vectors and for the rest.
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
