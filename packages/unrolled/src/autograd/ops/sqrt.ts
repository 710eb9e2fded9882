import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/** Square root, number by number. `x: […]` → `[…]`. */
export function sqrt(x: Operand): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const y = scope.empty(a.shape);
    kernels.squareRoot(a.size, a.address, y.address);
    // y = √x: dx = dy / 2y
    return scope.derive(y, [a], (dy) => {
      const da = scope.gradientOf(a);
      scope.scratch(a.size, (quotient) => {
        kernels.divide(a.size, dy, y.address, quotient);
        kernels.addScaled(a.size, 0.5, quotient, da);
      });
    });
  });
}
