import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/** Logistic function 1 / (1 + e⁻ˣ), number by number. `x: […]` → `[…]`. */
export function sigmoid(x: Operand): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const y = scope.empty(a.shape);
    kernels.sigmoid(a.size, a.address, y.address);
    // y = σ(x): dx = dy y (1 − y)
    return scope.derive(y, [a], (dy) => kernels.sigmoidBackward(a.size, y.address, dy, scope.gradientOf(a)));
  });
}
