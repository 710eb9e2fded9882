import { abs } from "../../autograd/ops/abs.js";
import { mean } from "../../autograd/ops/mean.js";
import { subtract } from "../../autograd/ops/subtract.js";
import type { Metric } from "./metric.js";

/** Mean absolute error: the mean of |output − target|, in the targets' unit. For losses of numbers. */
export function mae(): Metric {
  return {
    name: "mae",
    targets: "numbers",
    better: "lower",
    rows: (output, targets) => mean(abs(subtract(output, targets)), 1),
  };
}
