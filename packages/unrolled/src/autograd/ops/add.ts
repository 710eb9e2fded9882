import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";
import { broadcast } from "./broadcast.js";

/** a + b. Shapes are brought together by NumPy's rule. */
export function add(a: Operand, b: Operand): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const [l, r] = broadcast(scope, "add", scope.use(a), scope.use(b));
    const y = scope.empty(l.shape);
    kernels.add(y.size, l.address, r.address, y.address);
    // da = dy, db = dy
    return scope.derive(y, [l, r], (dy) => {
      if (l.tracked) kernels.addScaled(y.size, 1, dy, scope.gradientOf(l));
      if (r.tracked) kernels.addScaled(y.size, 1, dy, scope.gradientOf(r));
    });
  });
}
