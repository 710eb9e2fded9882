import { mean } from "../../autograd/ops/mean.js";
import { multiply } from "../../autograd/ops/multiply.js";
import { scale } from "../../autograd/ops/scale.js";
import { sum } from "../../autograd/ops/sum.js";
import { inScope } from "../../autograd/scope.js";
import { UnrolledError } from "../../errors.js";
import { checkKnown } from "../../layers/options.js";
import { formatShape, sameShape } from "../../tensor/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Loss } from "./loss.js";

/** What `defineLoss` makes a loss of. */
export interface LossDefinition extends Pick<Loss, "name" | "targets" | "outputsPerTarget" | "predict"> {
  /**
   * The loss of each row, by the ops of this library. `output: [rows, features]`, `targets: [rows]` for indices, else
   * `[rows, features / outputsPerTarget]` → `[rows]`.
   */
  rows(output: Tensor, targets: Tensor): Tensor;
}

/**
 * A loss from the loss of each row: the mean over rows, weighed by mask and sample weights where a batch has them.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an unknown option; when used, `UNROLLED_SHAPE` where `rows` doesn't give one number a row.
 *
 * @example
 * const distance = defineLoss({
 *   name: "distance",
 *   targets: "numbers",
 *   rows: (output, targets) => sqrt(sum(square(subtract(output, targets)), 1)),
 * });
 */
export function defineLoss(definition: LossDefinition): Loss {
  checkKnown("defineLoss", definition, ["name", "targets", "outputsPerTarget", "predict", "rows"]);
  const { rows, ...about } = definition;
  return {
    ...about,
    of(output, targets, weights?: Tensor) {
      const losses = rows(output, targets);
      const count = output.shape.slice(0, 1);
      if (!sameShape(losses.shape, count)) {
        throw new UnrolledError(
          "UNROLLED_SHAPE",
          `${about.name}: \`rows\` must give ${formatShape(count)}, one loss a row, received ${formatShape(losses.shape)}.`,
        );
      }
      return weights ? weightedMean(losses, weights) : mean(losses);
    },
  };
}

/** Σ w·x / Σ w, or 0 where all weights are 0. `x: [rows]`, `weights: [rows]` → `[]`. */
export function weightedMean(x: Tensor, weights: Tensor): Tensor {
  return inScope((scope) => {
    const w = scope.use(weights);
    const total = scope.engine.kernels.sum(w.size, w.address);
    return scale(sum(multiply(x, w)), total === 0 ? 0 : 1 / total);
  });
}
