import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";
import { madd } from "../math/madd";

/**
 * Adagrad (Duchi et al. 2011), with g = scale·gradient: s += g², p −= learningRate · g / (√s + ε). `scale` is what clipping left of the
 * gradient.
 */
export function adagrad(
  length: i32, learningRate: f32, epsilon: f32, scale: f32, gradient: Address, squares: Address, parameter: Address,
): void {
  const end = <usize>(length & ~3) << 2;
  let offset: usize = 0;
  for (; offset < end; offset += 16) {
    update(4, learningRate, epsilon, scale, at(gradient) + offset, at(squares) + offset, at(parameter) + offset);
  }
  const rest = length & 3;
  if (rest) update(rest, learningRate, epsilon, scale, at(gradient) + offset, at(squares) + offset, at(parameter) + offset);
}

// @ts-ignore: decorator
@inline function update(
  lanes: i32, learningRate: f32, epsilon: f32, scale: f32, gradient: usize, squares: usize, parameter: usize,
): void {
  const g = f32x4.mul(loadLanes(gradient, lanes), f32x4.splat(scale));
  const s = madd(g, g, loadLanes(squares, lanes));
  storeLanes(squares, s, lanes);
  const step = f32x4.div(f32x4.mul(f32x4.splat(learningRate), g), f32x4.add(f32x4.sqrt(s), f32x4.splat(epsilon)));
  storeLanes(parameter, f32x4.sub(loadLanes(parameter, lanes), step), lanes);
}
