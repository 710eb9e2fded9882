import { multiply } from "../../autograd/ops/multiply.js";
import { sum } from "../../autograd/ops/sum.js";
import type { Scope } from "../../autograd/scope.js";
import type { SequencePlan } from "../../cells/sequence-plan.js";
import { UnrolledError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { LabelTargets } from "../labels.js";
import type { Loss, SequenceLoss } from "../losses/loss.js";
import type { Judgement } from "../objective.js";
import type { Metric, SequenceMetric } from "./metric.js";

/** Values of metrics by their names. */
export type MetricValues = Readonly<Record<string, number>>;

/** Metrics over batch after batch. */
export class MetricMeans {
  readonly #metrics: readonly (Metric | SequenceMetric)[];
  readonly #loss: Loss | SequenceLoss;
  #sums: number[];
  #weight = 0;

  /** @throws {UnrolledError} `UNROLLED_VALUE` where a metric doesn't go with the loss, or two have one name. */
  constructor(where: string, metrics: readonly (Metric | SequenceMetric)[], loss: Loss | SequenceLoss) {
    for (const [index, { name, targets }] of metrics.entries()) {
      if (name === "loss" || metrics.findIndex((other) => other.name === name) !== index) {
        throw new UnrolledError(
          "UNROLLED_VALUE",
          `${where}: \`metrics\` must have names of their own, received \`${name}\` twice.`,
        );
      }
      if (targets !== loss.targets) {
        throw new UnrolledError(
          "UNROLLED_VALUE",
          `${where}: the metric \`${name}\` needs a loss whose targets are ${targets}, those of ${loss.name} are ${loss.targets}.`,
        );
      }
    }
    this.#metrics = metrics;
    this.#loss = loss;
    this.#sums = metrics.map(() => 0);
  }

  /** Whether there is anything to measure. */
  get any(): boolean {
    return this.#metrics.length > 0;
  }

  get names(): readonly string[] {
    return this.#metrics.map(({ name }) => name);
  }

  /** Counts a batch in, without a derivative. */
  add(scope: Scope, { output, targets }: Judgement): void {
    if (!output || !this.any) return;
    if ("labels" in targets) {
      this.#addSequences(scope, output.rows, targets);
      return;
    }
    const { rows, weights } = targets;
    // a view of its own is not tracked, so nothing is put on the tape
    const seen = scope.view(output.rows, output.rows.shape);
    const predicted = predictedBy(this.#loss, seen, output.plan);
    for (const [index, metric] of this.#metrics.entries()) {
      if (metric.targets === "labels") continue;
      const values = metric.rows(predicted, rows);
      (this.#sums[index] as number) += sum(weights ? multiply(values, weights) : values).item();
    }
    this.#weight += weights ? sum(weights).item() : (rows.shape[0] as number);
  }

  #addSequences(scope: Scope, output: Tensor, { labels, lengths, weights }: LabelTargets): void {
    const seen = scope.view(output, output.shape);
    for (const [index, metric] of this.#metrics.entries()) {
      if (metric.targets !== "labels") continue;
      const values = Array.from(metric.sequences(seen, labels, lengths));
      (this.#sums[index] as number) += values.reduce((total, value, sequence) => total + value * (weights?.[sequence] ?? 1), 0);
    }
    this.#weight += weights ? weights.reduce((total, weight) => total + weight, 0) : labels.length;
  }

  /** NaN where nothing counted. */
  get values(): MetricValues {
    return Object.fromEntries(
      this.#metrics.map((metric, index) => {
        const mean = (this.#sums[index] as number) / this.#weight;
        return [metric.name, metric.finish?.(mean) ?? mean];
      }),
    );
  }

  reset(): void {
    this.#sums.fill(0);
    this.#weight = 0;
  }

  /** What goes into a checkpoint. */
  get state(): { sums: readonly number[]; weight: number } {
    return { sums: [...this.#sums], weight: this.#weight };
  }

  set state({ sums, weight }: { sums: readonly number[]; weight: number }) {
    this.#sums = [...sums];
    this.#weight = weight;
  }
}

function predictedBy(loss: Loss | SequenceLoss, output: Tensor, plan: SequencePlan | undefined): Tensor {
  if (loss.targets === "labels") return output;
  if (loss.predictPlan && plan) return loss.predictPlan(output, plan);
  return loss.predict?.(output) ?? output;
}
