import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";
import { broadcast } from "./broadcast.js";

/** a⊙b, number by number. Shapes are brought together by NumPy's rule. */
export function multiply(a: Operand, b: Operand): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const [l, r] = broadcast(scope, "multiply", scope.use(a), scope.use(b));
    const y = scope.empty(l.shape);
    kernels.multiply(y.size, l.address, r.address, y.address);
    // da = dy b, db = dy a
    return scope.derive(y, [l, r], (dy) => {
      if (l.tracked) kernels.multiplyAdd(y.size, dy, r.address, scope.gradientOf(l));
      if (r.tracked) kernels.multiplyAdd(y.size, dy, l.address, scope.gradientOf(r));
    });
  });
}
