import { mean } from "../../autograd/ops/mean.js";
import { square } from "../../autograd/ops/square.js";
import { subtract } from "../../autograd/ops/subtract.js";
import type { Metric } from "./metric.js";

/** Root mean squared error: √ of the mean of (output − target)², in the targets' unit. For losses of numbers. */
export function rmse(): Metric {
  return {
    name: "rmse",
    targets: "numbers",
    better: "lower",
    rows: (output, targets) => mean(square(subtract(output, targets)), 1),
    finish: Math.sqrt,
  };
}
