/** The `count` (1 to 3) floats from `address` on, then zeros: what is left of a row after its whole vectors. */
// @ts-ignore: decorator
@inline
export function loadPartial(address: usize, count: i32): v128 {
  if (count == 1) return v128.load32_zero(address);
  const pair = v128.load64_zero(address);
  return count == 2 ? pair : v128.load_lane<f32>(address, pair, 2, 8);
}

/** Writes the first `count` (1 to 3) floats of `value` to `address` and leaves what follows them as it is. */
// @ts-ignore: decorator
@inline
export function storePartial(address: usize, value: v128, count: i32): void {
  if (count == 1) {
    v128.store_lane<f32>(address, value, 0);
    return;
  }
  v128.store_lane<i64>(address, value, 0);
  if (count == 3) v128.store_lane<f32>(address, value, 2, 8);
}
