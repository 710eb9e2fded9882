import { UnrolledError } from "../../errors.js";
import { formatShape } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { inScope, type Operand } from "../scope.js";

/**
 * Layer normalisation (Ba et al. 2016): y = (x − mean) / √(variance + ε) ⊙ weight + bias, mean and variance (divided by the number of
 * features) over the last axis. `x: […, features]`, `weight: [features]`, `bias: [features]` → `[…, features]`.
 *
 * @throws {UnrolledError} `UNROLLED_SHAPE` where the shapes don't fit.
 */
export function layerNorm(x: Operand, weight: Operand, bias: Operand, epsilon: number): Tensor {
  return inScope((scope) => {
    const { kernels } = scope.engine;
    const [a, w, b] = [scope.use(x), scope.use(weight), scope.use(bias)];
    const columns = checkedFeatures(a, w, b);
    const rows = a.size / columns;
    const y = scope.empty(a.shape);
    const [means, scales] = [scope.empty([rows]).address, scope.empty([rows]).address];
    kernels.layerNorm(rows, columns, epsilon, a.address, w.address, b.address, y.address, means, scales);
    // n = (x − mean)·scale, g = dy⊙weight: dx = scale·(g − mean(g) − n·mean(g⊙n)), dWeight = Σ dy⊙n, dBias = Σ dy
    return scope.derive(y, [a, w, b], (dy) => {
      if (a.tracked) {
        kernels.layerNormBackward(rows, columns, a.address, w.address, means, scales, dy, scope.gradientOf(a));
      }
      if (w.tracked) kernels.layerNormWeightGradient(rows, columns, a.address, means, scales, dy, scope.gradientOf(w));
      if (b.tracked) kernels.sumRows(rows, columns, dy, columns, scope.gradientOf(b));
    });
  });
}

function checkedFeatures(x: Tensor, weight: Tensor, bias: Tensor): number {
  const features = x.shape.at(-1);
  const fits = [weight, bias].every(({ shape }) => shape.length === 1 && shape[0] === features);
  if (features && fits) return features;
  throw new UnrolledError(
    "UNROLLED_SHAPE",
    "layerNorm: expected x […, features], weight [features] and bias [features], received " +
      `${formatShape(x.shape)}, ${formatShape(weight.shape)} and ${formatShape(bias.shape)}.`,
  );
}
