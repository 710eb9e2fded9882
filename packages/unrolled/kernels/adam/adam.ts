import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";
import { madd } from "../math/madd";

/**
 * Adam (Kingma & Ba 2015): g = scale·gradient, m = β₁m + (1−β₁)g, v = β₂v + (1−β₂)g², p = shrink·p − stepSize · m / (√v·rootCorrection + ε)
 * with stepSize = learningRate / (1−β₁ᵗ) and rootCorrection = 1 / √(1−β₂ᵗ). `scale` is what clipping left of the gradient; `shrink` is
 * 1, or 1 − learningRate·weightDecay where the weights decay apart from the gradient (AdamW, Loshchilov & Hutter 2019).
 */
export function adam(
  length: i32, stepSize: f32, beta1: f32, beta2: f32, rootCorrection: f32, epsilon: f32, shrink: f32, scale: f32,
  gradient: Address, m: Address, v: Address, parameter: Address,
): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) {
    update(
      4, stepSize, beta1, beta2, rootCorrection, epsilon, shrink, scale,
      at(gradient) + offset, at(m) + offset, at(v) + offset, at(parameter) + offset,
    );
  }
  const rest = length & 3;
  if (rest) {
    update(
      rest, stepSize, beta1, beta2, rootCorrection, epsilon, shrink, scale,
      at(gradient) + offset, at(m) + offset, at(v) + offset, at(parameter) + offset,
    );
  }
}

// @ts-ignore: decorator
@inline function update(
  lanes: i32, stepSize: f32, beta1: f32, beta2: f32, rootCorrection: f32, epsilon: f32, shrink: f32, scale: f32,
  gradient: usize, first: usize, second: usize, parameter: usize,
): void {
  const g = f32x4.mul(loadLanes(gradient, lanes), f32x4.splat(scale));
  const m = madd(f32x4.splat(beta1), loadLanes(first, lanes), f32x4.mul(f32x4.splat(1 - beta1), g));
  const v = madd(f32x4.splat(beta2), loadLanes(second, lanes), f32x4.mul(f32x4.splat(1 - beta2), f32x4.mul(g, g)));
  storeLanes(first, m, lanes);
  storeLanes(second, v, lanes);
  const denominator = madd(f32x4.sqrt(v), f32x4.splat(rootCorrection), f32x4.splat(epsilon));
  const step = f32x4.div(f32x4.mul(f32x4.splat(stepSize), m), denominator);
  storeLanes(parameter, f32x4.sub(f32x4.mul(f32x4.splat(shrink), loadLanes(parameter, lanes)), step), lanes);
}
