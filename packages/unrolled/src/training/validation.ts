import type { Network } from "../layers/network.js";
import { EarlyStopping } from "./early-stopping.js";
import { measure } from "./evaluate-metrics.js";
import type { FitOptions } from "./fit-options.js";
import type { MetricValues } from "./metrics/metric-means.js";
import type { TrainingPosition } from "./position.js";
import { ReduceOnPlateau } from "./schedules/reduce-on-plateau.js";
import type { WeightAverage } from "./weight-average.js";

/** What is measured on validation data, and what follows from it: a lower learning rate, an early end. */
export class Validation {
  readonly stopping: EarlyStopping | undefined;
  readonly #network: Network;
  readonly #options: FitOptions;
  readonly #average: WeightAverage | undefined;
  readonly #plateau: ReduceOnPlateau | undefined;
  #loss: number | undefined;
  #metrics: MetricValues | undefined;

  /** @param average the weights that are measured, where they are not the network's own */
  constructor(network: Network, options: FitOptions, average: WeightAverage | undefined) {
    const { earlyStopping, reduceOnPlateau, metrics = [] } = options;
    this.#network = network;
    this.#options = options;
    this.#average = average;
    this.stopping = earlyStopping && new EarlyStopping(network, earlyStopping, metrics);
    this.#plateau = reduceOnPlateau && new ReduceOnPlateau(reduceOnPlateau, metrics);
  }

  /** Measures the weights as they are, where there is data for it. */
  async run(at: { epoch: number; step: number }): Promise<void> {
    const { validation, loss, metrics = [] } = this.#options;
    if (!validation) return;
    this.#average?.exchange();
    try {
      const values = await measure("fit: validation", this.#network, validation, { loss, metrics });
      this.stopping?.observe(values, at);
      this.#plateau?.observe(values);
      const { loss: measured, ...others } = values;
      this.#loss = measured;
      if (metrics.length > 0) this.#metrics = others;
    } finally {
      this.#average?.exchange();
    }
  }

  /** The newest loss. */
  get loss(): number | undefined {
    return this.#loss;
  }

  /** The newest metrics. */
  get metrics(): MetricValues | undefined {
    return this.#metrics;
  }

  /** What the learning rate is multiplied by. */
  get learningRateFactor(): number {
    return this.#plateau?.factor ?? 1;
  }

  /** Its part of a checkpoint, without weights. */
  get state(): Pick<TrainingPosition, "validationLoss" | "validationMetrics" | "stopping" | "plateau"> {
    return {
      validationLoss: this.#loss,
      validationMetrics: this.#metrics,
      stopping: this.stopping?.state,
      plateau: this.#plateau?.state,
    };
  }

  /** Goes on from a checkpoint; early stopping is restored with its weights. */
  restore({ validationLoss, validationMetrics, plateau }: TrainingPosition): void {
    this.#loss = validationLoss;
    this.#metrics = validationMetrics;
    if (this.#plateau && plateau) this.#plateau.state = plateau;
  }
}
