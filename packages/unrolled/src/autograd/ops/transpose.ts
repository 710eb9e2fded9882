import { UnrolledError } from "../../errors.js";
import { formatShape, type Shape, sizeOf } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand, type Scope } from "../scope.js";
import { viewAs } from "./broadcast.js";

/**
 * Reorders axes: axis `a` of the result is axis `order[a]` of x. Default: all axes reversed.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where `order` doesn't name every axis once.
 */
export function transpose(x: Operand, order?: readonly number[]): Tensor {
  return inScope((scope) => {
    let result = scope.use(x);
    const wanted = order ?? result.shape.map((_, axis) => result.shape.length - 1 - axis);
    if (wanted.length !== result.shape.length || !result.shape.every((_, axis) => wanted.includes(axis))) {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `transpose: \`order\` must name each axis of ${formatShape(result.shape)} once, received ${formatShape(wanted)}.`,
      );
    }
    const axes = result.shape.map((_, axis) => axis);
    for (const [position, axis] of wanted.entries()) {
      const from = axes.indexOf(axis);
      if (from === position) continue;
      axes.splice(position, 0, ...axes.splice(from, 1));
      result = moveAxis(scope, result, from, position);
    }
    return result;
  });
}

/** Moves an axis forward, past those between: [outer, between, axis, inner] → [outer, axis, between, inner]. */
export function moveAxis(scope: Scope, x: Tensor, from: number, to: number): Tensor {
  const { kernels } = scope.engine;
  const axis = x.shape[from] as number;
  const between = sizeOf(x.shape.slice(to, from));
  const outer = sizeOf(x.shape.slice(0, to));
  const inner = sizeOf(x.shape.slice(from + 1));
  const shape: Shape = [...x.shape.slice(0, to), axis, ...x.shape.slice(to, from), ...x.shape.slice(from + 1)];
  if (axis === 1 || between === 1) return viewAs(scope, x, shape);
  const y = scope.empty(shape, x.dtype);
  const swap = (a: number, b: number, source: number, target: number) => {
    const block = a * b * inner;
    for (let o = 0; o < outer; o++) kernels.swapAxes(a, b, inner, source + o * block, target + o * block, a * inner);
  };
  swap(between, axis, x.address, y.address);
  // the way back is the same move with the two parts exchanged
  return scope.derive(y, [x], (dy) => {
    const dx = scope.gradientOf(x);
    scope.scratch(x.size, (moved) => {
      swap(axis, between, dy, moved);
      kernels.addScaled(x.size, 1, moved, dx);
    });
  });
}
