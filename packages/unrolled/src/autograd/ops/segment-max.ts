import { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/**
 * The largest number of each segment, column by column. The gradient goes to the first row that has it.
 *
 * `x: [rows, columns]`, `segments: [rows]`, the segment of each row; each from 0 to count − 1 has one → `[count, columns]`.
 */
export function segmentMax(x: Operand, segments: Int32Array, count: number): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const [rows, columns] = a.shape as [number, number];
    const ids = scope.useIndices(Tensor.owning(segments, [rows])).address;
    const y = scope.empty([count, columns]);
    const positions = scope.empty(y.shape, "int32").address;
    kernels.segmentMax(rows, columns, count, a.address, ids, y.address, positions);
    // dx at the maximum's position = dy
    return scope.derive(y, [a], (dy) => kernels.segmentMaxBackward(count, columns, dy, positions, scope.gradientOf(a)));
  });
}
