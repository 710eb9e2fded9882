import { mean } from "../../autograd/ops/mean.js";
import { square } from "../../autograd/ops/square.js";
import { subtract } from "../../autograd/ops/subtract.js";
import type { Loss } from "./loss.js";

/** The mean of (output − target)². Targets have the output's shape. */
export function meanSquaredError(): Loss {
  return { name: "meanSquaredError", targets: "numbers", of: (output, targets) => mean(square(subtract(output, targets))) };
}
