import { withScope } from "../autograd/scope.js";
import { UnrolledError } from "../errors.js";
import type { Sequential } from "../layers/sequential.js";
import { type Batch, type Data, examplesOf } from "./batch.js";
import type { Loss } from "./losses/loss.js";
import { Objective } from "./objective.js";
import { Turns } from "./turns.js";

/**
 * The mean loss over data, without training. States are carried where a batch continues the one before.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` where the data is empty, and as `fit` where a batch doesn't fit.
 */
export async function evaluateLoss(network: Sequential, data: Data<Batch>, loss: Loss): Promise<number> {
  const objective = new Objective(network, loss);
  const turns = new Turns();
  let total = 0;
  let weight = 0;
  let batches = 0;
  for await (const batch of examplesOf(data)) {
    withScope(network.engine, {}, (scope) => {
      const judgement = objective.of(scope, batch);
      total += judgement.weight * judgement.loss.item();
      weight += judgement.weight;
    });
    batches++;
    await turns.giveWay();
  }
  if (weight === 0) {
    const problem =
      batches === 0
        ? "at least one batch, received none"
        : "data in which something counts, received masks and weights of 0 alone";
    throw new UnrolledError("UNROLLED_DATA", `evaluateLoss: expected ${problem}.`);
  }
  return total / weight;
}
