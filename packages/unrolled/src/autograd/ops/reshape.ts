import { UnrolledError } from "../../errors.js";
import { formatShape, type Shape, sizeOf } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";
import { viewAs } from "./broadcast.js";

/**
 * The same numbers in the same order under another shape.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where the sizes differ.
 */
export function reshape(x: Operand, shape: Shape): Tensor {
  return inScope((scope) => {
    const a = scope.use(x);
    if (sizeOf(shape) !== a.size) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `reshape: ${formatShape(a.shape)} has ${a.size} numbers, ${formatShape(shape)} needs ${sizeOf(shape)}.`,
      );
    }
    return viewAs(scope, a, shape);
  });
}
