import { UnrolledError } from "../../errors.js";
import { formatShape } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand, type Scope } from "../scope.js";
import { addWeightGradient, packed } from "./packed.js";

/**
 * y = x Wᵀ + b. `x: […, inputs]`, `weight: [units, inputs]`, `bias: [units]` → `[…, units]`.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where the shapes don't fit.
 */
export function linear(x: Operand, weight: Operand, bias: Operand): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const [a, w, b] = [scope.use(x), scope.use(weight), scope.use(bias)];
    const { rows, inputs, units } = linearSizes("linear", a, w, b);
    const y = scope.empty([...a.shape.slice(0, -1), units]);
    writeLinear(scope, rows, a.address, w, b, y.address);
    // dx = dy·W, dW = dyᵀ·x, db = Σ over rows of dy
    return scope.derive(y, [a, w, b], (dy) => {
      if (a.tracked) {
        const da = scope.gradientOf(a);
        kernels.multiplyPacked(rows, inputs, units, dy, units, packed(scope, w, false), da, inputs, da, inputs);
      }
      if (w.tracked) addWeightGradient(scope, rows, [units, inputs], dy, a.address, scope.gradientOf(w));
      if (b.tracked) kernels.sumRows(rows, units, dy, units, scope.gradientOf(b));
    });
  });
}

/** Writes x Wᵀ + b for some rows. */
export function writeLinear(scope: Scope, rows: number, x: number, weight: Tensor, bias: Tensor, y: number): void {
  const [units, inputs] = weight.shape as [number, number];
  const { kernels } = scope.engine;
  kernels.multiplyPacked(rows, units, inputs, x, inputs, packed(scope, weight, true), bias.address, 0, y, units);
}

/** @throws {UnrolledError} `UNROLLED_SHAPE` where input, weight and bias don't fit. */
export function linearSizes(
  op: string,
  x: Tensor,
  weight: Tensor,
  bias: Tensor,
): { rows: number; inputs: number; units: number } {
  const [units, inputs] = weight.shape;
  const fits =
    weight.shape.length === 2 &&
    x.shape.length > 0 &&
    x.shape.at(-1) === inputs &&
    bias.shape.length === 1 &&
    bias.shape[0] === units;
  if (!fits || !units || !inputs) {
    throw new UnrolledError(
      "UNROLLED_SHAPE",
      `${op}: expected x […, inputs], weight [units, inputs] and bias [units], received ` +
        `${formatShape(x.shape)}, ${formatShape(weight.shape)} and ${formatShape(bias.shape)}.`,
    );
  }
  return { rows: x.size / inputs, inputs, units };
}
