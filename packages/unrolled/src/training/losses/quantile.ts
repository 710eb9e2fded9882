import { add } from "../../autograd/ops/add.js";
import { mean } from "../../autograd/ops/mean.js";
import { multiply } from "../../autograd/ops/multiply.js";
import { relu } from "../../autograd/ops/relu.js";
import { reshape } from "../../autograd/ops/reshape.js";
import { negate } from "../../autograd/ops/scale.js";
import { slice } from "../../autograd/ops/slice.js";
import { subtract } from "../../autograd/ops/subtract.js";
import { UnrolledError } from "../../errors.js";
import { checkKnown } from "../../layers/options.js";
import { tensor } from "../../tensor/create.js";
import { defineLoss } from "./define-loss.js";
import type { Loss } from "./loss.js";

/** Which quantiles are foretold. */
export interface QuantileOptions {
  /** Above what parts of the targets the outputs shall lie, each between 0 and 1, ascending. Default: [0.1, 0.5, 0.9]. */
  quantiles?: readonly number[];
}

/**
 * Quantile (pinball) loss (Koenker & Bassett 1978): the mean of max(τd, (τ−1)d) with d = target − output, for each quantile τ. Of a
 * target with n numbers the output has quantiles · n features: first n for the first quantile, then n for the second, … Metrics look at
 * the quantile nearest to 0.5.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function quantile(options: QuantileOptions = {}): Loss {
  checkKnown("quantile", options, ["quantiles"]);
  const quantiles = checkQuantiles(options.quantiles ?? [0.1, 0.5, 0.9]);
  const taus = tensor(Float64Array.from(quantiles), [quantiles.length, 1]);
  const distances = quantiles.map((tau) => Math.abs(tau - 0.5));
  const middle = distances.indexOf(Math.min(...distances));
  return defineLoss({
    name: "quantile",
    targets: "numbers",
    outputsPerTarget: quantiles.length,
    // τd + max(−d, 0)
    rows: (output, targets) => {
      const [rows, features] = targets.shape as [number, number];
      const d = subtract(reshape(targets, [rows, 1, features]), reshape(output, [rows, quantiles.length, features]));
      const losses = add(multiply(taus, d), relu(negate(d)));
      return mean(reshape(losses, [rows, quantiles.length * features]), 1);
    },
    predict: (output) => {
      const features = (output.shape[1] as number) / quantiles.length;
      return slice(output, 1, middle * features, (middle + 1) * features);
    },
  });
}

function checkQuantiles(quantiles: readonly number[]): readonly number[] {
  const isRising = quantiles.every((tau, index) => tau > (quantiles[index - 1] ?? 0) && tau < 1);
  if (quantiles.length > 0 && isRising) return quantiles;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `quantile: \`quantiles\` must be numbers between 0 and 1 in ascending order, received [${quantiles.join(", ")}].`,
  );
}
