import { crossEntropyRows } from "../../autograd/ops/cross-entropy.js";
import { inScope } from "../../autograd/scope.js";
import type { Metric } from "./metric.js";

/**
 * e to the mean of −log softmax(output)[target]: among how many equally likely classes the network is undecided. Without class weights and
 * label smoothing, whatever the loss has of them. For `crossEntropy`.
 */
export function perplexity(): Metric {
  return {
    name: "perplexity",
    targets: "indices",
    better: "lower",
    rows: (output, targets) => inScope((scope) => crossEntropyRows(scope, scope.use(output), targets)),
    finish: Math.exp,
  };
}
