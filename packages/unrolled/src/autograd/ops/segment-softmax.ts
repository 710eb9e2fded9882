import { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/**
 * Softmax over the rows of each segment, stable: y[r] = exp(x[r]) / Σ exp(x) over the rows of the same segment.
 *
 * `x: [rows]`, `segments: [rows]`, the segment of each row, from 0 to count − 1 → `[rows]`.
 */
export function segmentSoftmax(x: Operand, segments: Int32Array, count: number): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const rows = a.size;
    const ids = scope.useIndices(Tensor.owning(segments, [rows])).address;
    const y = scope.empty(a.shape);
    scope.scratch(count, (scratch) => kernels.segmentSoftmax(rows, count, a.address, ids, y.address, scratch));
    // dx = y (dy − Σ dy y), segment by segment
    return scope.derive(y, [a], (dy) => {
      const da = scope.gradientOf(a);
      scope.scratch(count, (scratch) => kernels.segmentSoftmaxBackward(rows, count, y.address, dy, ids, da, scratch));
    });
  });
}
