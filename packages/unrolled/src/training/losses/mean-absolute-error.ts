import { abs } from "../../autograd/ops/abs.js";
import { mean } from "../../autograd/ops/mean.js";
import { subtract } from "../../autograd/ops/subtract.js";
import { defineLoss } from "./define-loss.js";
import type { Loss } from "./loss.js";

/** The mean of |output − target|. Targets have the output's shape. */
export function meanAbsoluteError(): Loss {
  return defineLoss({
    name: "meanAbsoluteError",
    targets: "numbers",
    rows: (output, targets) => mean(abs(subtract(output, targets)), 1),
  });
}
