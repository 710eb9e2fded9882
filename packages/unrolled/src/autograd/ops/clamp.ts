import { UnrolledError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/**
 * x within ±limit, number by number; the gradient ends where it is held. `x: […]` → `[…]`.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` where the limit is no finite number above 0.
 */
export function clamp(x: Operand, limit: number): Tensor {
  if (!(limit > 0 && Number.isFinite(limit))) {
    throw new UnrolledError("UNROLLED_VALUE", `clamp: \`limit\` must be a finite number above 0, received ${limit}.`);
  }
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const y = scope.empty(a.shape);
    kernels.clamp(a.size, limit, a.address, y.address);
    // dx = dy where |x| < limit
    return scope.derive(y, [a], (dy) => kernels.clampBackward(a.size, limit, a.address, dy, scope.gradientOf(a)));
  });
}
