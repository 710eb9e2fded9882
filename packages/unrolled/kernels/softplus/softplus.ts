import { Address, at } from "../math/address";
import { exp4 } from "../math/exp";
import { loadLanes, storeLanes } from "../math/lanes";
import { log4 } from "../math/log";

/** y = log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|) */
export function softplus(length: i32, x: Address, y: Address): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) v128.store(at(y) + offset, softplus4(v128.load(at(x) + offset)));
  const rest = length & 3;
  if (rest) storeLanes(at(y) + offset, softplus4(loadLanes(at(x) + offset, rest)), rest);
}

/** log(1 + e) as log(u)·e / (u − 1) with u = 1 + e: the rounding of u cancels (Kahan), so that small e lose nothing. */
// @ts-ignore: decorator
@inline function softplus4(x: v128): v128 {
  const one = f32x4.splat(1);
  const e = exp4(f32x4.neg(f32x4.abs(x)));
  const u = f32x4.add(one, e);
  const logarithm = f32x4.mul(log4(u), f32x4.div(e, f32x4.sub(u, one)));
  const small = v128.bitselect(e, logarithm, f32x4.eq(u, one));
  return f32x4.add(f32x4.max(x, f32x4.splat(0)), small);
}
