import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";
import { checkedAxis, withoutAxis } from "./axis.js";
import { viewAs } from "./broadcast.js";

/**
 * Sum over one axis, or over all numbers (shape `[]`) where none is given.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where there is no such axis.
 */
export function sum(x: Operand, axis?: number): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const resident = scope.use(x);
    const a = axis === undefined ? viewAs(scope, resident, [resident.size]) : resident;
    const view = checkedAxis("sum", a.shape, axis ?? 0);
    const y = scope.empty(withoutAxis(a.shape, view.axis));
    kernels.sumAxis(view.outer, view.length, view.inner, a.address, y.address);
    // dx[o, a, i] = dy[o, i]
    return scope.derive(y, [a], (dy) => {
      const da = scope.gradientOf(a);
      scope.scratch(a.size, (repeated) => {
        kernels.repeatAxis(view.outer, view.length, view.inner, dy, repeated);
        kernels.addScaled(a.size, 1, repeated, da);
      });
    });
  });
}
