import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/** log(1 + eˣ), number by number, without overflow. `x: […]` → `[…]`. */
export function softplus(x: Operand): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const y = scope.empty(a.shape);
    kernels.softplus(a.size, a.address, y.address);
    // dx = dy σ(x)
    return scope.derive(y, [a], (dy) => {
      const da = scope.gradientOf(a);
      scope.scratch(a.size, (slope) => {
        kernels.sigmoid(a.size, a.address, slope);
        kernels.multiplyAdd(a.size, dy, slope, da);
      });
    });
  });
}
