import type { RandomStream } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/** What a mask is drawn for: every feature of a key, or a key's rows as a whole. */
export type DropoutUnit = "feature" | "row";

/**
 * Inverted dropout whose mask belongs to keys instead of places: rows of one key share a mask, and a row keeps its mask wherever it lies
 * among the others. With keys 0, 1, 2 … the features dropped are those of `dropout`.
 *
 * `x: [rows, columns]`, `keys: [rows]`, whole numbers of at least 0 → `[rows, columns]`. The mask is one draw from `random` and is
 * drawn again on the way back instead of being kept.
 */
export function keyedDropout(
  x: Operand,
  rate: number,
  random: RandomStream,
  keys: Tensor,
  unit: DropoutUnit = "feature",
): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const a = scope.use(x);
    const [rows, columns] = a.shape as [number, number];
    const ids = scope.useIndices(keys).address;
    const y = scope.zeros(a.shape);
    const [k0, k1] = random.key;
    const draw = scope.draw(random);
    const addMasked = unit === "feature" ? kernels.addDropout : kernels.addRowDropout;
    addMasked(rows, columns, rate, k0, k1, draw, random.stream, ids, a.address, y.address);
    // dx = dy / (1 − rate) where kept
    return scope.derive(y, [a], (dy) =>
      addMasked(rows, columns, rate, k0, k1, draw, random.stream, ids, dy, scope.gradientOf(a)),
    );
  });
}
