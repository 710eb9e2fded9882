import { abs } from "../../autograd/ops/abs.js";
import { mean } from "../../autograd/ops/mean.js";
import { multiply } from "../../autograd/ops/multiply.js";
import { relu } from "../../autograd/ops/relu.js";
import { scale } from "../../autograd/ops/scale.js";
import { subtract } from "../../autograd/ops/subtract.js";
import { checkKnown, checkPositive } from "../../layers/options.js";
import { tensor } from "../../tensor/create.js";
import { defineLoss } from "./define-loss.js";
import type { Loss } from "./loss.js";

/** The bend of Huber's loss. */
export interface HuberOptions {
  /** Where the square ends and the line begins, in the targets' unit. Default: 1. */
  delta?: number;
}

/**
 * Huber's loss (1964), the mean of ½d² where |d| ≤ δ, else δ(|d| − ½δ), with d = output − target: a square near the target, a line
 * further off, so that outliers pull less. Targets have the output's shape.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range.
 */
export function huber(options: HuberOptions = {}): Loss {
  checkKnown("huber", options, ["delta"]);
  const delta = tensor(Float64Array.of(checkPositive("huber", "delta", options.delta ?? 1)), []);
  return defineLoss({
    name: "huber",
    targets: "numbers",
    // m(|d| − ½m) with m = min(|d|, δ)
    rows: (output, targets) => {
      const distance = abs(subtract(output, targets));
      const near = subtract(distance, relu(subtract(distance, delta)));
      return mean(multiply(near, subtract(distance, scale(near, 0.5))), 1);
    },
  });
}
