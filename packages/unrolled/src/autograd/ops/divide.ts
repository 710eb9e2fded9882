import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";
import { broadcast } from "./broadcast.js";

/** a / b, number by number. Shapes are brought together by NumPy's rule. */
export function divide(a: Operand, b: Operand): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const [l, r] = broadcast(scope, "divide", scope.use(a), scope.use(b));
    const y = scope.empty(l.shape);
    kernels.divide(y.size, l.address, r.address, y.address);
    // q = dy / b: da = q, db = −q y
    return scope.derive(y, [l, r], (dy) => {
      const [dl, dr] = [scope.gradientOf(l), scope.gradientOf(r)];
      scope.scratch(y.size, (quotient) => {
        kernels.divide(y.size, dy, r.address, quotient);
        if (l.tracked) kernels.addScaled(y.size, 1, quotient, dl);
        kernels.multiply(y.size, quotient, y.address, quotient);
        if (r.tracked) kernels.addScaled(y.size, -1, quotient, dr);
      });
    });
  });
}
