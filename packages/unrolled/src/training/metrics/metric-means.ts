import { multiply } from "../../autograd/ops/multiply.js";
import { sum } from "../../autograd/ops/sum.js";
import type { Scope } from "../../autograd/scope.js";
import type { SequencePlan } from "../../cells/sequence-plan.js";
import { UnrolledError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { LabelTargets } from "../labels.js";
import type { Loss, SequenceLoss } from "../losses/loss.js";
import type { Judgement } from "../objective.js";
import type { AnyMetric } from "./metric.js";
import { sequenceRows } from "./sequence-rows.js";

/** Values of metrics by their names. */
export type MetricValues = Readonly<Record<string, number>>;

/** Metrics over batch after batch. */
export class MetricMeans {
  readonly #metrics: readonly AnyMetric[];
  readonly #loss: Loss | SequenceLoss;
  /** Of each metric one after another: of a mean one number, of counts as many as there are. */
  #sums: number[];
  readonly #places: readonly number[];
  #weight = 0;

  /** @throws {UnrolledError} `UNROLLED_VALUE` where a metric doesn't go with the loss, or two have one name. */
  constructor(where: string, metrics: readonly AnyMetric[], loss: Loss | SequenceLoss) {
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
    const widths = metrics.map((metric) => ("counted" in metric ? metric.counted.length : 1));
    this.#places = widths.map((_, index) => widths.slice(0, index).reduce((sum, width) => sum + width, 0));
    this.#sums = widths.flatMap((width) => Array<number>(width).fill(0));
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
      if ("counted" in metric) {
        const sequences = sequenceRows(rows.shape[0] as number, output.plan, weights?.data);
        for (const [place, count] of Array.from(metric.counts(predicted, rows, sequences)).entries())
          this.#add(index, count, place);
      } else {
        const values = metric.rows(predicted, rows);
        this.#add(index, sum(weights ? multiply(values, weights) : values).item());
      }
    }
    this.#weight += weights ? sum(weights).item() : (rows.shape[0] as number);
  }

  #addSequences(scope: Scope, output: Tensor, { labels, lengths, weights }: LabelTargets): void {
    const seen = scope.view(output, output.shape);
    for (const [index, metric] of this.#metrics.entries()) {
      if (metric.targets !== "labels") continue;
      const values = Array.from(metric.sequences(seen, labels, lengths));
      this.#add(
        index,
        values.reduce((total, value, sequence) => total + value * (weights?.[sequence] ?? 1), 0),
      );
    }
    this.#weight += weights ? weights.reduce((total, weight) => total + weight, 0) : labels.length;
  }

  #add(metric: number, value: number, count = 0): void {
    (this.#sums[(this.#places[metric] as number) + count] as number) += value;
  }

  /** NaN where nothing counted. */
  get values(): MetricValues {
    return Object.fromEntries(
      this.#metrics.map((metric, index) => {
        const first = this.#places[index] as number;
        if ("counted" in metric) {
          return [metric.name, metric.finish(this.#sums.slice(first, first + metric.counted.length))];
        }
        const mean = (this.#sums[first] as number) / this.#weight;
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
