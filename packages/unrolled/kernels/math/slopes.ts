/** The derivative of σ at y = σ(x). */
// @ts-ignore: decorator
@inline export function sigmoidSlope(y: v128): v128 {
  return f32x4.mul(y, f32x4.sub(f32x4.splat(1), y));
}

/** The derivative of tanh at y = tanh x. */
// @ts-ignore: decorator
@inline export function tanhSlope(y: v128): v128 {
  return f32x4.sub(f32x4.splat(1), f32x4.mul(y, y));
}
