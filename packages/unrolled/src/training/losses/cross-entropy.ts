import {
  crossEntropyWeight,
  linearCrossEntropy,
  type SoftmaxCrossEntropyOptions,
  softmaxCrossEntropy,
} from "../../autograd/ops/cross-entropy.js";
import { UnrolledError } from "../../errors.js";
import { checkKnown, checkRate } from "../../layers/options.js";
import { tensor } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Loss } from "./loss.js";

/** How a cross-entropy counts its targets. */
export interface CrossEntropyOptions {
  /** What each class counts for, one finite number of at least 0 a class. Default: 1 each. */
  classWeights?: readonly number[];
  /** How much of a target's probability is spread evenly over all classes, from 0 to below 1. Default: 0. */
  labelSmoothing?: number;
  /** A target that counts for nothing, such as PyTorch's −100. Default: none. */
  ignoreIndex?: number;
}

/**
 * Cross-entropy in nats: the mean of −log softmax(output)[target]. The output is logits (no softmax before it), targets are classes.
 * Behind a dense layer both are computed together, in chunks. Class weights c and label smoothing (Szegedy et al. 2016) as in PyTorch:
 * the mean divides by Σ c_target, together with the weights of a batch. The formula stands at `softmaxCrossEntropy`.
 *
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range; when used, `UNROLLED_SHAPE` where there are more or
 * fewer class weights than classes.
 */
export function crossEntropy(options: CrossEntropyOptions = {}): Loss {
  checkKnown("crossEntropy", options, ["classWeights", "labelSmoothing", "ignoreIndex"]);
  const { classWeights, ignoreIndex } = options;
  const labelSmoothing = checkRate("crossEntropy", "labelSmoothing", options.labelSmoothing ?? 0);
  if (ignoreIndex !== undefined && !Number.isSafeInteger(ignoreIndex)) {
    throw new UnrolledError("UNROLLED_VALUE", `crossEntropy: \`ignoreIndex\` must be a whole number, received ${ignoreIndex}.`);
  }
  const ofClasses = classWeights && tensor(Float64Array.from(checkClassWeights(classWeights)));
  const by = (weights: Tensor | undefined): SoftmaxCrossEntropyOptions => ({
    labelSmoothing,
    ...(ofClasses ? { classWeights: ofClasses } : {}),
    ...(weights ? { weights } : {}),
  });
  return {
    name: "crossEntropy",
    targets: "indices",
    ...(ignoreIndex === undefined ? {} : { ignoreIndex }),
    of: (output, targets, weights) => softmaxCrossEntropy(output, targets, by(weights)),
    ofLinear: (x, weight, bias, targets, weights) => linearCrossEntropy(x, weight, bias, targets, by(weights)),
    weigh: (targets, weights) => crossEntropyWeight(targets, by(weights)),
  };
}

function checkClassWeights(classWeights: readonly number[]): readonly number[] {
  const wrong = classWeights.findIndex((weight) => !(weight >= 0 && Number.isFinite(weight)));
  if (wrong < 0) return classWeights;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `crossEntropy: \`classWeights\` must be finite numbers of at least 0, received ${classWeights[wrong]} at position ${wrong}.`,
  );
}
