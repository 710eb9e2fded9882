import type { Data } from "../data/data.js";
import type { Network } from "../layers/network.js";
import type { Batch } from "./batch.js";
import { measure } from "./evaluate-metrics.js";
import type { Loss, SequenceLoss } from "./losses/loss.js";

/**
 * The mean loss over data, without training. States are carried where a batch continues the one before.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` where the data is empty or all weights are 0, and as `fit` where a batch doesn't fit.
 */
export async function evaluateLoss(network: Network, data: Data<Batch>, loss: Loss | SequenceLoss): Promise<number> {
  return (await measure("evaluateLoss", network, data, { loss })).loss;
}
