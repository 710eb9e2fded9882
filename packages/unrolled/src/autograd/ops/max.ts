import { UnrolledError } from "../../errors.js";
import { formatShape } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";
import { checkedAxis, withoutAxis } from "./axis.js";
import { viewAs } from "./broadcast.js";

/**
 * Largest number along one axis, or of all (shape `[]`) where none is given. The gradient goes to the first that has it.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where there is no such axis, or nothing along it.
 */
export function max(x: Operand, axis?: number): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const resident = scope.use(x);
    const a = axis === undefined ? viewAs(scope, resident, [resident.size]) : resident;
    const { axis: at, outer, length, inner } = checkedAxis("max", a.shape, axis ?? 0);
    if (length === 0) {
      throw new UnrolledError("UNROLLED_SHAPE", `max: axis ${at} must not be empty, received ${formatShape(a.shape)}.`);
    }
    const y = scope.empty(withoutAxis(a.shape, at));
    const positions = scope.empty(y.shape, "int32");
    kernels.maxAxis(outer, length, inner, a.address, y.address, positions.address);
    // dx at the maximum's position = dy
    return scope.derive(y, [a], (dy) =>
      kernels.maxAxisBackward(outer, length, inner, dy, positions.address, scope.gradientOf(a)),
    );
  });
}
