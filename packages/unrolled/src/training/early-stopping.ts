import type { Network } from "../layers/network.js";
import { checkKnown } from "../layers/options.js";
import type { AnyMetric } from "./metrics/metric.js";
import { Watch, type WatchOptions, type WatchState } from "./watch.js";
import { WeightCopy } from "./weight-copy.js";

/** When training ends early. */
export interface EarlyStoppingOptions extends WatchOptions {
  /** Whether the network has its best weights in the end, also where epochs, steps or a signal end training. Default: true. */
  restoreBest?: boolean;
}

/** Where validation was best. */
export interface BestRecord {
  /** From 1. */
  readonly epoch: number;
  /** Optimizer steps taken by then. */
  readonly step: number;
  /** Of the metric that was watched. */
  readonly value: number;
}

/** What early stopping remembers besides weights; part of a checkpoint. */
export interface EarlyStoppingState extends WatchState {
  /** In which validation was best, from 1. */
  readonly epoch: number;
  /** Optimizer steps taken by then. */
  readonly step: number;
}

/** Ends training where validation gets no better (Prechelt 1998), and keeps the weights at its best. */
export class EarlyStopping {
  readonly #network: Network;
  readonly #watch: Watch;
  readonly #restoreBest: boolean;
  #bestWeights: WeightCopy | undefined;
  #epoch = 0;
  #step = 0;

  /** @throws {UnrolledError} `UNROLLED_VALUE` for an option that is unknown or out of range. */
  constructor(network: Network, options: EarlyStoppingOptions, metrics: readonly AnyMetric[]) {
    checkKnown("earlyStopping", options, ["patience", "metric", "minDelta", "restoreBest"]);
    this.#network = network;
    this.#watch = new Watch("earlyStopping", options, metrics);
    this.#restoreBest = options.restoreBest ?? true;
  }

  /** Looks at a measurement of the weights that the network has now. */
  observe(values: Readonly<Record<string, number>>, { epoch, step }: { epoch: number; step: number }): void {
    if (!this.#watch.observe(values)) return;
    this.#epoch = epoch;
    this.#step = step;
    if (!this.#restoreBest) return;
    if (this.#bestWeights) this.#bestWeights.take();
    else this.#bestWeights = new WeightCopy(this.#network);
  }

  get isOver(): boolean {
    return this.#watch.isExhausted;
  }

  get best(): BestRecord | undefined {
    const { best } = this.#watch.state;
    return best === undefined ? undefined : { epoch: this.#epoch, step: this.#step, value: best };
  }

  /** The best weights; undefined before the first measurement, and where they are not kept. */
  get bestWeights(): WeightCopy | undefined {
    return this.#bestWeights;
  }

  get state(): EarlyStoppingState {
    return { ...this.#watch.state, epoch: this.#epoch, step: this.#step };
  }

  /** Goes on from a checkpoint; the best weights are to be written into what this returns, if there are any. */
  restore(state: EarlyStoppingState): WeightCopy | undefined {
    this.#watch.state = state;
    this.#epoch = state.epoch;
    this.#step = state.step;
    if (this.keepsWeights(state)) this.#bestWeights = new WeightCopy(this.#network);
    return this.#bestWeights;
  }

  /** Whether a checkpoint in that state holds the best weights. */
  keepsWeights({ best }: WatchState): boolean {
    return this.#restoreBest && best !== undefined;
  }
}
