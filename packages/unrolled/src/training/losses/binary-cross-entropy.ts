import { add } from "../../autograd/ops/add.js";
import { mean } from "../../autograd/ops/mean.js";
import { multiply } from "../../autograd/ops/multiply.js";
import { negate } from "../../autograd/ops/scale.js";
import { softplus } from "../../autograd/ops/softplus.js";
import { subtract } from "../../autograd/ops/subtract.js";
import { defineLoss } from "./define-loss.js";
import type { Loss } from "./loss.js";

/**
 * Cross-entropy of yes-or-no targets in nats: the mean of −y log σ(x) − (1−y) log(1 − σ(x)) = y·softplus(−x) + (1−y)·softplus(x), stable
 * for any logit. The output is logits x (no sigmoid before it), targets y from 0 to 1 have its shape; each feature is a question of its own.
 */
export function binaryCrossEntropy(): Loss {
  return defineLoss({
    name: "binaryCrossEntropy",
    targets: "numbers",
    rows: (output, targets) =>
      mean(add(multiply(targets, softplus(negate(output))), multiply(subtract(1, targets), softplus(output))), 1),
  });
}
