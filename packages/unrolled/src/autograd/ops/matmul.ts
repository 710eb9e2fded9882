import { UnrolledError } from "../../errors.js";
import { formatShape } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";
import { addWeightGradient } from "./packed.js";

/**
 * Matrix product. `a: […, m, k]`, `b: [k, n]` → `[…, m, n]`.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where the inner axes differ.
 */
export function matmul(a: Operand, b: Operand): Tensor {
  return inScope((scope) => {
    const { kernels, arena } = scope.engine;
    const [left, right] = [scope.use(a), scope.use(b)];
    const [k, n] = right.shape;
    if (left.shape.length < 2 || right.shape.length !== 2 || k === undefined || n === undefined || left.shape.at(-1) !== k) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `matmul: expected […, m, k] and [k, n], received ${formatShape(left.shape)} and ${formatShape(right.shape)}.`,
      );
    }
    const rows = left.shape.slice(0, -1).reduce((product, length) => product * length, 1);
    const y = scope.zeros([...left.shape.slice(0, -1), n]);
    const packedRight = arena.allocate(kernels.packedLength(k, n));
    kernels.pack(k, n, right.address, n, false, packedRight);
    kernels.multiplyPacked(rows, n, k, left.address, k, packedRight, y.address, n, y.address, n);
    // dA = dY·Bᵀ, dB = Aᵀ·dY
    return scope.derive(y, [left, right], (dy) => {
      if (left.tracked) {
        const da = scope.gradientOf(left);
        scope.scratch(kernels.packedLength(n, k), (transposed) => {
          kernels.pack(n, k, right.address, n, true, transposed);
          kernels.multiplyPacked(rows, k, n, dy, n, transposed, da, k, da, k);
        });
      }
      if (right.tracked) addWeightGradient(scope, rows, [k, n], left.address, dy, scope.gradientOf(right));
    });
  });
}
