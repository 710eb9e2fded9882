import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";
import { madd } from "../math/madd";

/**
 * Stochastic gradient descent with momentum (Polyak 1964; Nesterov as Sutskever et al. 2013; both in PyTorch's form), with
 * g = scale·gradient: v = momentum·v + g, p −= learningRate·v, or with `nesterov` p −= learningRate·(g + momentum·v). `scale` is
 * what clipping left of the gradient.
 */
export function sgd(
  length: i32, learningRate: f32, momentum: f32, nesterov: bool, scale: f32,
  gradient: Address, velocity: Address, parameter: Address,
): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) {
    update(4, learningRate, momentum, nesterov, scale, at(gradient) + offset, at(velocity) + offset, at(parameter) + offset);
  }
  const rest = length & 3;
  if (rest) {
    update(rest, learningRate, momentum, nesterov, scale, at(gradient) + offset, at(velocity) + offset, at(parameter) + offset);
  }
}

// @ts-ignore: decorator
@inline function update(
  lanes: i32, learningRate: f32, momentum: f32, nesterov: bool, scale: f32, gradient: usize, velocity: usize, parameter: usize,
): void {
  const g = f32x4.mul(loadLanes(gradient, lanes), f32x4.splat(scale));
  const v = madd(f32x4.splat(momentum), loadLanes(velocity, lanes), g);
  storeLanes(velocity, v, lanes);
  const step = nesterov ? madd(f32x4.splat(momentum), v, g) : v;
  storeLanes(parameter, madd(f32x4.splat(-learningRate), step, loadLanes(parameter, lanes)), lanes);
}
