import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";
import { checkedAxis } from "./axis.js";
import { scale } from "./scale.js";
import { sum } from "./sum.js";

/**
 * Mean over one axis, or over all numbers (shape `[]`) where none is given.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where there is no such axis.
 */
export function mean(x: Operand, axis?: number): Tensor {
  return inScope((scope) => {
    const a = scope.use(x);
    const count = axis === undefined ? a.size : checkedAxis("mean", a.shape, axis).length;
    return scale(sum(a, axis), 1 / count);
  });
}
