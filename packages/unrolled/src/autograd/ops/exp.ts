import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/** eˣ, number by number. `x: […]` → `[…]`. */
export function exp(x: Operand): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const y = scope.empty(a.shape);
    kernels.exp(a.size, a.address, y.address);
    // y = eˣ: dx = dy y
    return scope.derive(y, [a], (dy) => kernels.multiplyAdd(a.size, y.address, dy, scope.gradientOf(a)));
  });
}
