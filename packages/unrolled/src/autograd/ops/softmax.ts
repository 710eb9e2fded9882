import { UnrolledError } from "../../errors.js";
import { formatShape } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand, type Scope } from "../scope.js";

/** eˣ / Σ eˣ along the last axis, stable. `x: […, classes]` → the same shape. */
export function softmax(x: Operand): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const { a, rows, columns } = rowsOf(scope, "softmax", x);
    const y = scope.empty(a.shape);
    kernels.softmax(rows, columns, a.address, y.address);
    // dx = y (dy − Σ dy y)
    return scope.derive(y, [a], (dy) => kernels.softmaxBackward(rows, columns, y.address, dy, scope.gradientOf(a)));
  });
}

/** x − log Σ eˣ along the last axis, stable. `x: […, classes]` → the same shape. */
export function logSoftmax(x: Operand): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const { a, rows, columns } = rowsOf(scope, "logSoftmax", x);
    const y = scope.empty(a.shape);
    kernels.logSoftmax(rows, columns, a.address, y.address);
    // dx = dy − eʸ Σ dy
    return scope.derive(y, [a], (dy) => kernels.logSoftmaxBackward(rows, columns, y.address, dy, scope.gradientOf(a)));
  });
}

function rowsOf(scope: Scope, op: string, x: Operand): { a: Tensor; rows: number; columns: number } {
  const a = scope.use(x);
  const columns = a.shape.at(-1);
  if (columns) return { a, rows: a.size / columns, columns };
  throw new UnrolledError(
    "UNROLLED_SHAPE",
    `${op}: expected […, classes] with a class at least, received ${formatShape(a.shape)}.`,
  );
}
