import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";
import { madd } from "../math/madd";

/**
 * RMSprop (Tieleman & Hinton 2012, with momentum as in PyTorch), with g = scale·gradient: s = ρs + (1−ρ)g², v = momentum·v + g / (√s + ε),
 * p −= learningRate·v. `scale` is what clipping left of the gradient.
 */
export function rmsprop(
  length: i32, learningRate: f32, rho: f32, momentum: f32, epsilon: f32, scale: f32,
  gradient: Address, meanSquare: Address, velocity: Address, parameter: Address,
): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) {
    update(
      4, learningRate, rho, momentum, epsilon, scale,
      at(gradient) + offset, at(meanSquare) + offset, at(velocity) + offset, at(parameter) + offset,
    );
  }
  const rest = length & 3;
  if (rest) {
    update(
      rest, learningRate, rho, momentum, epsilon, scale,
      at(gradient) + offset, at(meanSquare) + offset, at(velocity) + offset, at(parameter) + offset,
    );
  }
}

// @ts-ignore: decorator
@inline function update(
  lanes: i32, learningRate: f32, rho: f32, momentum: f32, epsilon: f32, scale: f32,
  gradient: usize, meanSquare: usize, velocity: usize, parameter: usize,
): void {
  const g = f32x4.mul(loadLanes(gradient, lanes), f32x4.splat(scale));
  const s = madd(f32x4.splat(rho), loadLanes(meanSquare, lanes), f32x4.mul(f32x4.splat(1 - rho), f32x4.mul(g, g)));
  const step = f32x4.div(g, f32x4.add(f32x4.sqrt(s), f32x4.splat(epsilon)));
  const v = madd(f32x4.splat(momentum), loadLanes(velocity, lanes), step);
  storeLanes(meanSquare, s, lanes);
  storeLanes(velocity, v, lanes);
  storeLanes(parameter, madd(f32x4.splat(-learningRate), v, loadLanes(parameter, lanes)), lanes);
}
