import { mean } from "../../autograd/ops/mean.js";
import { square } from "../../autograd/ops/square.js";
import { subtract } from "../../autograd/ops/subtract.js";
import { defineLoss } from "./define-loss.js";
import type { Loss } from "./loss.js";

/** The mean of (output − target)². Targets have the output's shape. */
export function meanSquaredError(): Loss {
  return defineLoss({
    name: "meanSquaredError",
    targets: "numbers",
    rows: (output, targets) => mean(square(subtract(output, targets)), 1),
  });
}
