import { linearCrossEntropy, softmaxCrossEntropy } from "../../autograd/ops/cross-entropy.js";
import type { Loss } from "./loss.js";

/**
 * Cross-entropy in nats: the mean of −log softmax(output)[target]. The output is logits (no softmax before it), targets are classes.
 * Behind a dense layer both are computed together, in chunks.
 */
export function crossEntropy(): Loss {
  return { name: "crossEntropy", targets: "indices", of: softmaxCrossEntropy, ofLinear: linearCrossEntropy };
}
