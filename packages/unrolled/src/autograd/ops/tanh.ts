import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/** Hyperbolic tangent, number by number. `x: […]` → `[…]`. */
export function tanh(x: Operand): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const y = scope.empty(a.shape);
    kernels.tanh(a.size, a.address, y.address);
    // y = tanh x: dx = dy (1 − y²)
    return scope.derive(y, [a], (dy) => kernels.tanhBackward(a.size, y.address, dy, scope.gradientOf(a)));
  });
}
