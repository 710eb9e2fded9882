import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/** |x|, number by number; its derivative at 0 is 0. `x: […]` → `[…]`. */
export function abs(x: Operand): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const y = scope.empty(a.shape);
    kernels.absolute(a.size, a.address, y.address);
    // dx = dy sign(x)
    return scope.derive(y, [a], (dy) => kernels.absoluteBackward(a.size, a.address, dy, scope.gradientOf(a)));
  });
}
