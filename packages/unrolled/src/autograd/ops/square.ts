import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/** x², number by number. `x: […]` → `[…]`. */
export function square(x: Operand): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const y = scope.empty(a.shape);
    kernels.multiply(a.size, a.address, a.address, y.address);
    // dx = 2 x dy
    return scope.derive(y, [a], (dy) => {
      const da = scope.gradientOf(a);
      scope.scratch(a.size, (product) => {
        kernels.multiply(a.size, dy, a.address, product);
        kernels.addScaled(a.size, 2, product, da);
      });
    });
  });
}
