import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/** max(x, 0), number by number. `x: […]` → `[…]`. */
export function relu(x: Operand): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const y = scope.empty(a.shape);
    kernels.relu(a.size, a.address, y.address);
    // dx = dy where y > 0
    return scope.derive(y, [a], (dy) => kernels.reluBackward(a.size, y.address, dy, scope.gradientOf(a)));
  });
}
