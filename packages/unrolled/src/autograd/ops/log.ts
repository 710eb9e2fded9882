import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/** Natural logarithm, number by number. `x: […]` → `[…]`. */
export function log(x: Operand): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const y = scope.empty(a.shape);
    kernels.log(a.size, a.address, y.address);
    // dx = dy / x
    return scope.derive(y, [a], (dy) => {
      const da = scope.gradientOf(a);
      scope.scratch(a.size, (quotient) => {
        kernels.divide(a.size, dy, a.address, quotient);
        kernels.addScaled(a.size, 1, quotient, da);
      });
    });
  });
}
