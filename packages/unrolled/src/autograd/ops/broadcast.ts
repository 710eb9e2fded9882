import { UnrolledError } from "../../errors.js";
import { formatShape, type Shape, sameShape, sizeOf } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Scope } from "../scope.js";

/**
 * Brings two operands to one shape by NumPy's rule: shapes are aligned at the last axis, and an axis that is missing or 1 is
 * repeated.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where two axes differ and neither is 1.
 */
export function broadcast(scope: Scope, op: string, a: Tensor, b: Tensor): [Tensor, Tensor] {
  const shape = commonShape(op, a.shape, b.shape);
  return [repeatTo(scope, a, shape), repeatTo(scope, b, shape)];
}

function commonShape(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const [inA, inB] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    if (inA === inB || inB === 1) return inA;
    if (inA === 1) return inB;
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${op}: shapes must be equal or 1 on each axis, aligned at the last, received ${formatShape(a)} and ${formatShape(b)}, ` +
        `which differ on axis ${axis} of ${rank}.`,
    );
  });
}

/** Repeats axis after axis until the tensor has the shape. The derivative sums over what was repeated. */
function repeatTo(scope: Scope, x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const missing = Array<number>(shape.length - x.shape.length).fill(1);
  let result = viewAs(scope, x, [...missing, ...x.shape]);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const length = shape[axis] as number;
    if (result.shape[axis] !== length) result = repeatAxis(scope, result, axis, length);
  }
  return result;
}

function repeatAxis(scope: Scope, x: Tensor, axis: number, repeats: number): Tensor {
  const { kernels } = scope.engine;
  const outer = sizeOf(x.shape.slice(0, axis));
  const inner = sizeOf(x.shape.slice(axis + 1));
  const y = scope.empty([...x.shape.slice(0, axis), repeats, ...x.shape.slice(axis + 1)]);
  kernels.repeatAxis(outer, repeats, inner, x.address, y.address);
  // dx = Σ over the repeated axis of dy
  return scope.derive(y, [x], (dy) => {
    const dx = scope.gradientOf(x);
    scope.scratch(x.size, (sum) => {
      kernels.sumAxis(outer, repeats, inner, dy, sum);
      kernels.addScaled(x.size, 1, sum, dx);
    });
  });
}

/** The same numbers in the same order under another shape of the same size. */
export function viewAs(scope: Scope, x: Tensor, shape: Shape): Tensor {
  const y = scope.view(x, shape);
  return scope.derive(y, [x], (dy) => scope.engine.kernels.addScaled(x.size, 1, dy, scope.gradientOf(x)));
}
