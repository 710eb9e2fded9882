import type { Tensor } from "../../tensor/tensor.js";
import type { Scope } from "../scope.js";
import { type WindowPlan, windowGroups } from "./window.js";

/**
 * The largest number that a window over images sees, channel by channel; what is outside of an image is not seen. The gradient goes to the first number that
 * is the largest.
 *
 * x: [rows, channels] → [rows behind the window, channels].
 */
export function maxPool2d(scope: Scope, x: Tensor, plan: WindowPlan): Tensor {
  const { kernels } = scope.engine;
  const channels = x.shape[1] as number;
  const y = scope.empty([plan.behind.rows, channels]);
  const positions = scope.empty(y.shape, "int32").address;
  const groups = windowGroups(scope, plan, channels);
  for (const { images, from, to, outPixels, geometry } of groups) {
    const [input, output] = [x.address + from * channels, to * channels];
    kernels.maxPool(images * outPixels, 0, channels, geometry(), input, y.address + output, positions + output);
  }
  // dx at the maximum's position = dy
  return scope.derive(y, [x], (dy) => {
    const dx = scope.gradientOf(x);
    for (const { images, from, to, pixels, outPixels } of groups) {
      const sizes = [images, outPixels * channels, pixels * channels] as const;
      kernels.maxPoolBackward(...sizes, dy + to * channels, positions + to * channels, dx + from * channels);
    }
  });
}
