import { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/**
 * Weighted sums of the rows of each segment: y[s] = Σ weights[r]·x[r] over the rows r of segment s.
 *
 * `x: [rows, columns]`, `weights: [rows]`, `segments: [rows]`, the segment of each row, from 0 to count − 1 → `[count, columns]`.
 */
export function segmentSum(x: Operand, weights: Operand, segments: Int32Array, count: number): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const [a, w] = [scope.use(x), scope.use(weights)];
    const [rows, columns] = a.shape as [number, number];
    const ids = scope.useIndices(Tensor.owning(segments, [rows])).address;
    const y = scope.zeros([count, columns]);
    kernels.segmentSum(rows, columns, a.address, w.address, ids, y.address);
    // dx[r] = weights[r]·dy[s], dWeights[r] = dy[s]·x[r]
    return scope.derive(y, [a, w], (dy) => {
      if (a.tracked) kernels.segmentSumBackward(rows, columns, dy, w.address, ids, scope.gradientOf(a));
      if (w.tracked) kernels.segmentSumWeightGradient(rows, columns, dy, a.address, ids, scope.gradientOf(w));
    });
  });
}
