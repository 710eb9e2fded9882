import { add } from "../../autograd/ops/add.js";
import { exp } from "../../autograd/ops/exp.js";
import { mean } from "../../autograd/ops/mean.js";
import { multiply } from "../../autograd/ops/multiply.js";
import { negate, scale } from "../../autograd/ops/scale.js";
import { slice } from "../../autograd/ops/slice.js";
import { square } from "../../autograd/ops/square.js";
import { subtract } from "../../autograd/ops/subtract.js";
import { tensor } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { defineLoss } from "./define-loss.js";
import type { Loss } from "./loss.js";

const LOG_2_PI = tensor(Float64Array.of(Math.log(2 * Math.PI)), []);

/**
 * Negative log likelihood of a normal distribution whose mean μ and log variance s the network gives (Nix & Weigend 1994), in nats: the
 * mean of ½(s + (y−μ)² e⁻ˢ + log 2π). Of a target with n numbers the output has 2n features: n means, then n log variances. Metrics look
 * at the means.
 */
export function gaussianLikelihood(): Loss {
  return defineLoss({
    name: "gaussianLikelihood",
    targets: "numbers",
    outputsPerTarget: 2,
    rows: (output, targets) => {
      const logVariance = half(output, 1);
      const deviation = multiply(square(subtract(targets, half(output, 0))), exp(negate(logVariance)));
      return mean(scale(add(add(logVariance, deviation), LOG_2_PI), 0.5), 1);
    },
    predict: (output) => half(output, 0),
  });
}

function half(output: Tensor, index: 0 | 1): Tensor {
  const features = (output.shape[1] as number) / 2;
  return slice(output, 1, index * features, (index + 1) * features);
}
