import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/** factor · x for a plain number. `x: […]` → `[…]`. */
export function scale(x: Operand, factor: number): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const y = scope.empty(a.shape);
    kernels.scale(a.size, factor, a.address, y.address);
    // dx = factor dy
    return scope.derive(y, [a], (dy) => kernels.addScaled(a.size, factor, dy, scope.gradientOf(a)));
  });
}

/** −x. `x: […]` → `[…]`. */
export function negate(x: Operand): Tensor {
  return scale(x, -1);
}
