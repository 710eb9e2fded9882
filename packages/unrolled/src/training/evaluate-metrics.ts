import { withScope } from "../autograd/scope.js";
import { type Data, examplesOf } from "../data/data.js";
import { UnrolledError } from "../errors.js";
import { checkNetwork, type Network } from "../layers/network.js";
import { checkKnown } from "../layers/options.js";
import type { Batch } from "./batch.js";
import type { Loss, SequenceLoss } from "./losses/loss.js";
import type { AnyMetric } from "./metrics/metric.js";
import { MetricMeans, type MetricValues } from "./metrics/metric-means.js";
import { Objective } from "./objective.js";
import { Turns } from "./turns.js";

/** What `evaluateMetrics` measures. */
export interface EvaluateMetricsOptions {
  /** What the network was trained with, or another loss. */
  loss: Loss | SequenceLoss;
  /** Measured from the same outputs. Default: none. */
  metrics?: readonly AnyMetric[];
}

/**
 * The mean loss over data, and metrics by their names, without training. States are carried where a batch continues the one before.
 *
 * @returns `{ loss, …metrics }`
 * @throws {UnrolledError} `UNROLLED_DATA` where the data is empty or all weights are 0, `UNROLLED_VALUE` where a metric doesn't go with the
 * loss, and as `fit` where a batch doesn't fit.
 *
 * @example const { loss, accuracy } = await evaluateMetrics(network, test, { loss: crossEntropy(), metrics: [accuracy()] });
 */
export async function evaluateMetrics(
  network: Network,
  data: Data<Batch>,
  options: EvaluateMetricsOptions,
): Promise<MetricValues & { readonly loss: number }> {
  checkKnown("evaluateMetrics", options, ["loss", "metrics"]);
  return await measure("evaluateMetrics", network, data, options);
}

/** @internal The same under the name of whoever asks. */
export async function measure(
  where: string,
  network: Network,
  data: Data<Batch>,
  { loss, metrics = [] }: EvaluateMetricsOptions,
): Promise<MetricValues & { readonly loss: number }> {
  checkNetwork(where, network);
  const means = new MetricMeans(where, metrics, loss);
  const objective = new Objective(network, loss, means.any);
  const turns = new Turns();
  let total = 0;
  let weight = 0;
  let batches = 0;
  for await (const batch of examplesOf(data)) {
    withScope(network.engine, {}, (scope) => {
      const judgement = objective.of(scope, batch);
      total += judgement.weight * judgement.loss.item();
      weight += judgement.weight;
      means.add(scope, judgement);
    });
    batches++;
    await turns.giveWay();
  }
  if (weight === 0) {
    const problem =
      batches === 0
        ? "at least one batch, received none"
        : "data in which something counts, received masks and weights of 0 alone";
    throw new UnrolledError("UNROLLED_DATA", `${where}: expected ${problem}.`);
  }
  return { ...means.values, loss: total / weight };
}
