import { UnrolledError } from "../errors.js";
import { checkCount } from "../layers/options.js";
import type { AnyMetric } from "./metrics/metric.js";
import { checkRange } from "./optimizers/optimizer.js";

/** What is watched, and how patiently. */
export interface WatchOptions {
  /** How many measurements in a row may be no better than the best one. */
  patience: number;
  /**
   * What is watched on the validation data: `loss`, or a metric's name. Of equally good values of a metric, which come often where few things are
   * counted, the one with the lower loss is better, unless there is a `minDelta`. Default: `loss`.
   */
  metric?: string;
  /** How much better, at least, counts as better. Default: 0. */
  minDelta?: number;
}

/** What a watch remembers; part of a checkpoint. */
export interface WatchState {
  /** The best value so far; undefined before the first. */
  readonly best: number | undefined;
  /** The loss where it was measured. */
  readonly bestLoss?: number | undefined;
  /** Measurements since it. */
  readonly waited: number;
}

/** Watches a number measured again and again: is it still getting better? */
export class Watch {
  readonly metric: string;
  readonly #patience: number;
  readonly #minDelta: number;
  readonly #sign: 1 | -1;
  #best: number | undefined;
  #bestLoss: number | undefined;
  #waited = 0;

  /** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is out of range, or a metric that is not measured. */
  constructor(where: string, { patience, metric = "loss", minDelta = 0 }: WatchOptions, metrics: readonly AnyMetric[]) {
    const watched = metrics.find(({ name }) => name === metric);
    if (!watched && metric !== "loss") {
      const names = ["loss", ...metrics.map(({ name }) => name)].join(", ");
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `${where}: \`metric\` must be one that is measured (${names}), received ${metric}.`,
      );
    }
    this.metric = metric;
    this.#patience = checkCount(where, "patience", patience);
    this.#minDelta = checkRange(where, "minDelta", minDelta, 0, Number.POSITIVE_INFINITY);
    this.#sign = watched?.better === "higher" ? -1 : 1;
  }

  /** Whether the value is the best so far. NaN never is. */
  observe(values: Readonly<Record<string, number>>): boolean {
    const { [this.metric]: value = Number.NaN, loss = Number.NaN } = values;
    const isBetter = Number.isFinite(value) && this.#isBetter(value, loss);
    if (isBetter) [this.#best, this.#bestLoss] = [value, loss];
    this.#waited = isBetter ? 0 : this.#waited + 1;
    return isBetter;
  }

  get isExhausted(): boolean {
    return this.#waited >= this.#patience;
  }

  /** Waits anew, for something better than the best. */
  rest(): void {
    this.#waited = 0;
  }

  get state(): WatchState {
    return { best: this.#best, bestLoss: this.#bestLoss, waited: this.#waited };
  }

  set state({ best, bestLoss, waited }: WatchState) {
    this.#best = best;
    this.#bestLoss = bestLoss;
    this.#waited = waited;
  }

  #isBetter(value: number, loss: number): boolean {
    if (this.#best === undefined) return true;
    if (value === this.#best && this.#minDelta === 0) return loss < (this.#bestLoss ?? loss);
    return this.#sign * (this.#best - value) > this.#minDelta;
  }
}
