import { checkKnown } from "../../layers/options.js";
import type { AnyMetric } from "../metrics/metric.js";
import { checkRange } from "../optimizers/optimizer.js";
import { Watch, type WatchOptions, type WatchState } from "../watch.js";

/** What is watched, and how far the learning rate falls each time. */
export interface ReduceOnPlateauOptions extends WatchOptions {
  /** What the learning rate is multiplied by each time, from above 0 to below 1. Default: 0.1. */
  factor?: number;
  /** The lowest that the factors together become. Default: 0. */
  floor?: number;
}

/** What it remembers; part of a checkpoint. */
export interface PlateauState extends WatchState {
  /** All factors so far, together. */
  readonly factor: number;
}

/** Reduces the learning rate where validation gets no better (Keras' and PyTorch's `ReduceLROnPlateau`). */
export class ReduceOnPlateau {
  readonly #watch: Watch;
  readonly #factor: number;
  readonly #floor: number;
  #reached = 1;

  /** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range. */
  constructor(options: ReduceOnPlateauOptions, metrics: readonly AnyMetric[]) {
    checkKnown("reduceOnPlateau", options, ["patience", "metric", "minDelta", "factor", "floor"]);
    this.#watch = new Watch("reduceOnPlateau", options, metrics);
    this.#factor = checkRange("reduceOnPlateau", "factor", options.factor ?? 0.1, Number.MIN_VALUE, 1);
    this.#floor = checkRange("reduceOnPlateau", "floor", options.floor ?? 0, 0, 1);
  }

  /** Looks at a measurement. */
  observe(values: Readonly<Record<string, number>>): void {
    this.#watch.observe(values);
    if (!this.#watch.isExhausted) return;
    this.#reached = Math.max(this.#floor, this.#reached * this.#factor);
    this.#watch.rest();
  }

  /** What the learning rate is multiplied by now. */
  get factor(): number {
    return this.#reached;
  }

  get state(): PlateauState {
    return { ...this.#watch.state, factor: this.#reached };
  }

  set state(state: PlateauState) {
    this.#watch.state = state;
    this.#reached = state.factor;
  }
}
