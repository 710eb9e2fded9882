import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/** The rows of x, all of them, again and again: row t·rows + r of the result is row r. `x: [rows, columns]` → `[times·rows, columns]`. */
export function repeatRows(x: Operand, times: number): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const [rows, columns] = a.shape as [number, number];
    const y = scope.empty([times * rows, columns]);
    kernels.repeatRow(times, a.size, a.address, y.address);
    // dx[r] = Σ over the repetitions of dy
    return scope.derive(y, [a], (dy) => kernels.sumRows(times, a.size, dy, a.size, scope.gradientOf(a)));
  });
}
