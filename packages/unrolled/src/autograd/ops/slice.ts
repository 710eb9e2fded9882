import { UnrolledError } from "../../errors.js";
import { formatShape } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";
import { checkedAxis } from "./axis.js";

/**
 * The part of an axis from `start` to before `end` (default: its end).
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where there is no such axis or part.
 */
export function slice(x: Operand, axis: number, start: number, end?: number): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const view = checkedAxis("slice", a.shape, axis);
    const stop = end ?? view.length;
    if (!Number.isInteger(start) || !Number.isInteger(stop) || start < 0 || stop < start || stop > view.length) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `slice: expected 0 ≤ start ≤ end ≤ ${view.length} on axis ${axis} of ${formatShape(a.shape)}, received ${start} and ${stop}.`,
      );
    }
    const shape = [...a.shape];
    shape[view.axis] = stop - start;
    const [row, part, offset] = [view.length * view.inner, (stop - start) * view.inner, start * view.inner];
    // one stretch of memory needs no copy
    if (view.outer === 1) {
      const y = scope.view(a, shape, offset);
      return scope.derive(y, [a], (dy) => kernels.addScaled(part, 1, dy, scope.gradientOf(a) + offset));
    }
    const y = scope.empty(shape);
    kernels.copyRows(view.outer, part, a.address + offset, row, y.address, part);
    // dx within the part = dy
    return scope.derive(y, [a], (dy) => kernels.addRows(view.outer, part, dy, part, scope.gradientOf(a) + offset, row));
  });
}
