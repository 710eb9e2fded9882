import { oneHot } from "../../autograd/ops/crf.js";
import { multiply } from "../../autograd/ops/multiply.js";
import { scale } from "../../autograd/ops/scale.js";
import { sum } from "../../autograd/ops/sum.js";
import { inScope } from "../../autograd/scope.js";
import type { SequencePlan } from "../../cells/sequence-plan.js";
import { UnrolledError } from "../../errors.js";
import type { Crf } from "../../layers/crf.js";
import { Tensor } from "../../tensor/tensor.js";
import type { Loss } from "./loss.js";

/**
 * The negative log-likelihood of whole sequences of tags in a conditional random field, in nats per step: Σ −log p(y) / Σ length, so that
 * it compares with the cross-entropy of tags that are independent. Metrics see the tags that `crfDecode` finds. Targets are tags,
 * `[batch, time]`; `sampleWeights` and a mask may weigh sequences, each as a whole.
 *
 * @param field the layer that ends the network
 * @throws {UnrolledError} when used: `UNROLLED_SHAPE` where the output has no time, `UNROLLED_VALUE` where the steps of a sequence weigh
 * differently.
 */
export function crfLoss(field: Crf): Loss {
  return {
    name: "crfLoss",
    targets: "indices",
    of: (_output, _targets, _weights) => {
      throw new UnrolledError(
        "UNROLLED_SHAPE",
        "crfLoss: it reads every step, but the network's output has no time; set returnSequences: true in its last recurrent layer.",
      );
    },
    ofPlan: (output, targets, plan, weights) =>
      inScope((scope) => {
        const losses = field.losses(scope, scope.use(output), targets, plan);
        if (!weights) return scale(sum(losses), 1 / plan.rows);
        const ofSequences = sequenceWeights(weights, plan);
        const total = ofSequences.reduce((all, weight, place) => all + weight * (plan.lengths[place] as number), 0);
        return scale(sum(multiply(losses, Tensor.owning(ofSequences, [plan.batch]))), total === 0 ? 0 : 1 / total);
      }),
    predictPlan: (output, plan) =>
      inScope((scope) => {
        const rows = scope.use(output);
        return oneHot(scope, field.paths(scope, rows, plan), rows.shape[1] as number);
      }),
  };
}

/** What each sequence counts for, in the plan's order. */
function sequenceWeights({ data }: Tensor, plan: SequencePlan): Float64Array {
  return Float64Array.from({ length: plan.batch }, (_, place) => {
    const weight = data[place] as number;
    for (let t = 1; t < (plan.lengths[place] as number); t++) {
      if (data[(plan.offsets[t] as number) + place] === weight) continue;
      throw new UnrolledError(
        "UNROLLED_VALUE",
        "crfLoss: it judges whole sequences, but the mask or the weights differ from step to step; shorten sequences by `lengths`, " +
          "and weigh them by `sampleWeights` of [batch].",
      );
    }
    return weight;
  });
}
