import { UnrolledError } from "../../errors.js";
import { formatShape, isLength, type Shape, sizeOf } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";
import { viewAs } from "./broadcast.js";

/**
 * The same numbers in the same order under another shape.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where the sizes differ, or a length is no whole number of at least 0.
 */
export function reshape(x: Operand, shape: Shape): Tensor {
  return inScope((scope) => {
    const a = scope.use(x);
    if (!shape.every(isLength)) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `reshape: every length must be a whole number of at least 0, received ${formatShape(shape)}.`,
      );
    }
    if (sizeOf(shape) !== a.size) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `reshape: ${formatShape(a.shape)} has ${a.size} numbers, ${formatShape(shape)} needs ${sizeOf(shape)}.`,
      );
    }
    return viewAs(scope, a, shape);
  });
}
