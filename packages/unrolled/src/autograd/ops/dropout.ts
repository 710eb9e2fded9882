import type { RandomStream } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/**
 * Inverted dropout (Srivastava et al. 2014): each number is 0 with probability `rate`, else divided by 1 − rate. `x: […]` → `[…]`.
 * The mask is one draw from `random` and is drawn again on the way back instead of being kept.
 */
export function dropout(x: Operand, rate: number, random: RandomStream): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const y = scope.empty(a.shape);
    const [k0, k1] = random.key;
    const draw = scope.draw(random);
    kernels.dropout(a.size, 0, rate, k0, k1, draw, random.stream, a.address, y.address);
    // dx = dy / (1 − rate) where kept
    return scope.derive(y, [a], (dy) =>
      kernels.dropoutBackward(a.size, 0, rate, k0, k1, draw, random.stream, dy, scope.gradientOf(a)),
    );
  });
}
