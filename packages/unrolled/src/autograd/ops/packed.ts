import type { Address } from "../../memory/memory.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Scope } from "../scope.js";

/**
 * A weight [n, k], or its rows `from` to before `to`, packed as the right side of a product: `transposed` for x·Wᵀ, else for y·W. A parameter
 * keeps its packed form until it is written; anything else is packed into the scope's memory.
 */
export function packed(scope: Scope, weight: Tensor, transposed: boolean, from = 0, to = weight.shape[0] as number): Address {
  if (weight.parameter) return weight.parameter.packed(transposed, from, to);
  const { kernels, arena } = scope.engine;
  const k = weight.shape[1] as number;
  const [depth, columns] = transposed ? [k, to - from] : [to - from, k];
  const target = arena.allocate(kernels.packedLength(depth, columns));
  kernels.pack(depth, columns, weight.address + from * k, k, transposed, target);
  return target;
}

/** dW += dYᵀ·X, a weight's gradient from all rows at once. W: [n, k], dY: [rows, n], X: [rows, k]. */
export function addWeightGradient(
  scope: Scope,
  rows: number,
  [n, k]: readonly [number, number],
  dy: Address,
  x: Address,
  dw: Address,
): void {
  const { kernels } = scope.engine;
  scope.scratch(kernels.transposedScratchLength(n, k, rows), (scratch) =>
    kernels.multiplyTransposed(n, k, rows, dy, n, x, k, dw, k, scratch),
  );
}
