import { UnrolledError } from "../../errors.js";
import { formatShape } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand, type Scope } from "../scope.js";

/**
 * Rows of a table by their indices. `table: [rows, columns]`, `indices: […]`, whole numbers from 0 to rows − 1 → `[…, columns]`.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where the table is no matrix, `UNROLLED_DTYPE` for an index that is no whole number,
 * `UNROLLED_INDEX` for one outside the table.
 */
export function gather(table: Operand, indices: Tensor): Tensor {
  return inScope((scope) => {
    const t = scope.use(table);
    if (t.shape.length !== 2) {
      throw new UnrolledError("UNROLLED_SHAPE", `gather: \`table\` must be [rows, columns], received ${formatShape(t.shape)}.`);
    }
    checkIndices("gather", indices.data, t.shape[0] as number);
    return gatherResident(scope, t, scope.useIndices(indices));
  });
}

/** The same for indices that were checked and are in the engine's memory. */
export function gatherResident(scope: Scope, table: Tensor, indices: Tensor): Tensor {
  const { kernels } = scope.engine;
  const columns = table.shape[1] as number;
  const y = scope.empty([...indices.shape, columns], table.dtype);
  kernels.gatherRows(indices.size, columns, table.address, indices.address, y.address);
  // dTable[index] += dy
  return scope.derive(y, [table], (dy) =>
    kernels.scatterAddRows(indices.size, columns, dy, indices.address, scope.gradientOf(table)),
  );
}

/** @throws {UnrolledError} `UNROLLED_DTYPE` for an index that is no whole number, `UNROLLED_INDEX` for one outside 0 … bound − 1. */
export function checkIndices(where: string, indices: ArrayLike<number>, bound: number): void {
  for (let position = 0; position < indices.length; position++) {
    const index = indices[position] as number;
    if (index >= 0 && index < bound && Number.isInteger(index)) continue;
    const whole = Number.isInteger(index);
    throw new UnrolledError(
      whole ? "UNROLLED_INDEX" : "UNROLLED_DTYPE",
      `${where}: indices must be whole numbers from 0 to ${bound - 1}, received ${index} at position ${position}.`,
    );
  }
}
