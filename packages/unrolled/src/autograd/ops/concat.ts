import { UnrolledError } from "../../errors.js";
import { formatShape, sameShape } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";
import { checkedAxis, withoutAxis } from "./axis.js";
import { viewAs } from "./broadcast.js";

/**
 * Tensors one after another along an axis (default: the last). All other axes must be equal.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where another axis differs, or there is no tensor.
 */
export function concat(parts: readonly Operand[], axis = -1): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const residents = parts.map((part) => scope.use(part));
    const [first] = residents;
    if (first === undefined) throw new UnrolledError("UNROLLED_SHAPE", "concat: expected at least one tensor, received none.");
    const view = checkedAxis("concat", first.shape, axis);
    const lengths = residents.map(({ shape }) => {
      if (shape.length === first.shape.length && sameShape(withoutAxis(shape, view.axis), withoutAxis(first.shape, view.axis))) {
        return shape[view.axis] as number;
      }
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        `concat: all tensors must be ${formatShape(first.shape)} but for axis ${view.axis}, received ${formatShape(shape)}.`,
      );
    });
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const y = scope.empty([...first.shape.slice(0, view.axis), total, ...first.shape.slice(view.axis + 1)]);
    const row = total * view.inner;
    const eachPart = (work: (part: Tensor, columns: number, offset: number) => void) => {
      let offset = 0;
      for (const [index, part] of residents.entries()) {
        const columns = (lengths[index] as number) * view.inner;
        work(part, columns, offset);
        offset += columns;
      }
    };
    eachPart((part, columns, offset) => kernels.copyRows(view.outer, columns, part.address, columns, y.address + offset, row));
    // each part's gradient is its stretch of dy
    return scope.derive(y, residents, (dy) =>
      eachPart((part, columns, offset) => {
        if (part.tracked) kernels.addRows(view.outer, columns, dy + offset, row, scope.gradientOf(part), columns);
      }),
    );
  });
}

/** Tensors of one shape side by side on a new first axis: `n × […]` → `[n, …]`. */
export function stack(parts: readonly Operand[]): Tensor {
  return inScope((scope) => {
    const residents = parts.map((part) => scope.use(part));
    return concat(
      residents.map((resident) => viewAs(scope, resident, [1, ...resident.shape])),
      0,
    );
  });
}
