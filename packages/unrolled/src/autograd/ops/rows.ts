import { Tensor } from "../../tensor/tensor.js";
import type { Scope } from "../scope.js";
import { viewAs } from "./broadcast.js";
import { gatherResident } from "./gather.js";

/** Rows of x: [rows, …] in another order, or some of them. An index may come more than once. */
export function selectRows(scope: Scope, x: Tensor, indices: Int32Array): Tensor {
  const ids = scope.useIndices(Tensor.owning(indices, [indices.length]));
  if (x.shape.length === 2) return gatherResident(scope, x, ids);
  const columns = x.size / (x.shape[0] as number);
  const flat = viewAs(scope, x, [x.shape[0] as number, columns]);
  return viewAs(scope, gatherResident(scope, flat, ids), [indices.length, ...x.shape.slice(1)]);
}

/** The inverse of `selectRows` for distinct indices: row r of x: [n, columns] goes to row indices[r] of [rows, columns], others are 0. */
export function placeRows(scope: Scope, x: Tensor, indices: Int32Array, rows: number): Tensor {
  const { kernels } = scope.engine;
  const columns = x.shape[1] as number;
  const ids = scope.useIndices(Tensor.owning(indices, [indices.length]));
  const y = scope.zeros([rows, columns]);
  kernels.scatterAddRows(indices.length, columns, x.address, ids.address, y.address);
  // dx[r] = dy[indices[r]]
  return scope.derive(y, [x], (dy) => {
    const dx = scope.gradientOf(x);
    scope.scratch(x.size, (gathered) => {
      kernels.gatherRows(indices.length, columns, dy, ids.address, gathered);
      kernels.addScaled(x.size, 1, gathered, dx);
    });
  });
}
