import { withScope } from "../autograd/scope.js";
import { UnrolledError } from "../errors.js";
import type { Layer } from "../layers/layer.js";
import { checkCount, checkKnown } from "../layers/options.js";
import type { Sequential } from "../layers/sequential.js";
import { type Batch, type Data, examplesOf } from "./batch.js";
import { clippingScale, type GradientBlock, globalNorm } from "./clipping.js";
import type { EpochRecord, TrainingHistory, TrainingProgress } from "./history.js";
import type { Loss } from "./losses/loss.js";
import { Objective } from "./objective.js";
import { checkRange, type Optimizer } from "./optimizers/optimizer.js";
import { Turns } from "./turns.js";

export interface FitOptions {
  loss: Loss;
  optimizer: Optimizer;
  /** How often the data is gone through. Default: 1. */
  epochs?: number;
  /** Ends training after that many optimizer steps, whatever the epochs. Default: no limit. */
  steps?: number;
  /** Gradients are scaled down to this global norm. Default: no clipping. */
  clipNorm?: number;
  /** Data whose loss is measured after every epoch, and every `validateEvery` steps. */
  validation?: Data<Batch>;
  /** Default: after every epoch alone. */
  validateEvery?: number;
  /** Ends training after the step at hand; `history.interrupted` tells. */
  signal?: AbortSignal;
  /** Called after every step. */
  onProgress?: (progress: TrainingProgress) => void;
}

const OPTIONS = ["loss", "optimizer", "epochs", "steps", "clipNorm", "validation", "validateEvery", "signal", "onProgress"];
/** Steps in a row whose gradient is not finite before training gives up. */
const SKIPS_IN_A_ROW = 10;
const MEAN_DECAY = 0.98;

/**
 * Trains a network. Each step: the loss of a batch, its gradients, clipping, the optimizer. Where a batch continues the one before,
 * states are carried over and gradients end at its beginning (truncated backpropagation through time). Gives way to other work of the
 * page or server about 25 times a second.
 *
 * @throws {UnrolledError} `UNROLLED_NOT_FINITE` where the loss is NaN or infinite, before any weight is changed by it, and where ten
 * gradients in a row are; `UNROLLED_DATA` where the data is empty; `UNROLLED_VALUE` for an option that is unknown or out of range;
 * `UNROLLED_SHAPE`, `UNROLLED_INDEX` or `UNROLLED_DTYPE` where a batch doesn't fit the network.
 */
export async function fit(network: Sequential, data: Data<Batch>, options: FitOptions): Promise<TrainingHistory> {
  return await new Training(network, data, checked(options)).run();
}

/**
 * The mean loss over data, without training.
 *
 * @throws {UnrolledError} `UNROLLED_DATA` where the data is empty, and as `fit` where a batch doesn't fit.
 */
export async function evaluateLoss(network: Sequential, data: Data<Batch>, loss: Loss): Promise<number> {
  const objective = new Objective(network, loss);
  const turns = new Turns();
  let [total, weight] = [0, 0];
  for await (const batch of examplesOf(data)) {
    const rows = objective.weightOf(batch);
    total += rows * withScope(network.engine, {}, (scope) => objective.of(scope, batch).item());
    weight += rows;
    await turns.giveWay();
  }
  if (weight === 0) throw new UnrolledError("UNROLLED_DATA", "evaluateLoss: expected at least one batch, received none.");
  return total / weight;
}

function checked(options: FitOptions): FitOptions {
  checkKnown("fit", options, OPTIONS);
  for (const name of ["epochs", "steps", "validateEvery"] as const) {
    if (options[name] !== undefined) checkCount("fit", name, options[name]);
  }
  if (options.clipNorm !== undefined) checkRange("fit", "clipNorm", options.clipNorm, Number.MIN_VALUE, Number.POSITIVE_INFINITY);
  return options;
}

class Training {
  readonly #network: Sequential;
  readonly #data: Data<Batch>;
  readonly #options: FitOptions;
  readonly #objective: Objective;
  readonly #gradients: { address: number; readonly size: number }[];
  readonly #began = performance.now();
  readonly #records: EpochRecord[] = [];
  readonly #epochs: number;
  #step = 0;
  #stepsInEpoch: number | undefined;
  #skipped = 0;
  #skippedInARow = 0;
  #meanLoss = 0;
  #norm = 0;
  #validationLoss: number | undefined;

  constructor(network: Sequential, data: Data<Batch>, options: FitOptions) {
    this.#network = network;
    this.#data = data;
    this.#options = options;
    this.#objective = new Objective(network, options.loss);
    this.#gradients = network.parameters.map(({ size }) => ({ address: 0, size }));
    this.#stepsInEpoch = typeof data === "function" ? undefined : data.length;
    const forSteps = options.steps && this.#stepsInEpoch ? Math.ceil(options.steps / this.#stepsInEpoch) : undefined;
    this.#epochs = options.epochs ?? forSteps ?? (options.steps ? Number.POSITIVE_INFINITY : 1);
  }

  async run(): Promise<TrainingHistory> {
    for (let epoch = 1; epoch <= this.#epochs && !this.#ended; epoch++) await this.#runEpoch(epoch);
    return {
      epochs: this.#records,
      steps: this.#step,
      skippedSteps: this.#skipped,
      seconds: this.#seconds,
      interrupted: this.#options.signal?.aborted ?? false,
    };
  }

  async #runEpoch(epoch: number): Promise<void> {
    const { validateEvery, onProgress } = this.#options;
    const turns = new Turns();
    let [total, batches] = [0, 0];
    for await (const batch of examplesOf(this.#data)) {
      const loss = this.#takeStep(batch);
      total += loss;
      batches++;
      this.#meanLoss += (loss - this.#meanLoss) * Math.max(1 - MEAN_DECAY, 1 / this.#step);
      if (validateEvery && this.#step % validateEvery === 0) await this.#validate();
      onProgress?.(this.#progress(epoch, loss));
      await turns.giveWay();
      if (this.#ended) break;
    }
    if (batches === 0) throw new UnrolledError("UNROLLED_DATA", "fit: expected at least one batch in an epoch, received none.");
    if (!this.#ended || this.#reachedSteps) this.#stepsInEpoch = Math.max(batches, this.#stepsInEpoch ?? 0);
    if (!this.#options.signal?.aborted && !(validateEvery && this.#step % validateEvery === 0)) await this.#validate();
    this.#records.push({
      epoch,
      step: this.#step,
      loss: total / batches,
      ...(this.#validationLoss === undefined ? {} : { validationLoss: this.#validationLoss }),
      seconds: this.#seconds,
    });
  }

  /** Loss, gradients, clipping, optimizer; returns the loss. */
  #takeStep(batch: Batch): number {
    const { optimizer, clipNorm } = this.#options;
    const { engine, parameters } = this.#network;
    this.#step++;
    return withScope(engine, { recording: true }, (scope) => {
      const tracked = parameters.map((parameter) => scope.track(parameter));
      const loss = this.#objective.of(scope, batch);
      const value = loss.item();
      if (!Number.isFinite(value)) throw this.#notFinite("loss", value);
      scope.backward(loss);
      for (const [index, resident] of tracked.entries()) {
        (this.#gradients[index] as { address: number }).address = scope.gradientOf(resident);
      }
      this.#norm = globalNorm(engine, this.#gradients as readonly GradientBlock[]);
      if (this.#gradientIsFinite()) {
        const scale = clippingScale(this.#norm, clipNorm);
        for (const [index, parameter] of parameters.entries()) {
          optimizer.updateOne(parameter, (this.#gradients[index] as GradientBlock).address, scale);
        }
      }
      return value;
    });
  }

  /** A step whose gradient is not finite is left out; too many in a row end training. */
  #gradientIsFinite(): boolean {
    if (Number.isFinite(this.#norm)) {
      this.#skippedInARow = 0;
      return true;
    }
    this.#skipped++;
    if (++this.#skippedInARow >= SKIPS_IN_A_ROW) throw this.#notFinite(`gradient, ${SKIPS_IN_A_ROW} steps in a row`, this.#norm);
    return false;
  }

  #notFinite(what: string, value: number): UnrolledError {
    const place = placeOfNotFinite(this.#network);
    return new UnrolledError(
      "UNROLLED_NOT_FINITE",
      `fit: the ${what} is ${value} at step ${this.#step}${place}; the weights are as step ${this.#step - 1} left them. ` +
        "Look for NaN or huge numbers in the data, lower the learning rate, or set clipNorm.",
    );
  }

  async #validate(): Promise<void> {
    const { validation, loss } = this.#options;
    if (validation) this.#validationLoss = await evaluateLoss(this.#network, validation, loss);
  }

  #progress(epoch: number, loss: number): TrainingProgress {
    const inEpochs = this.#stepsInEpoch === undefined ? undefined : this.#stepsInEpoch * this.#epochs;
    const limit = Math.min(inEpochs ?? Number.POSITIVE_INFINITY, this.#options.steps ?? Number.POSITIVE_INFINITY);
    const steps = Number.isFinite(limit) ? limit : undefined;
    return {
      epoch,
      epochs: this.#epochs,
      step: this.#step,
      steps,
      loss,
      meanLoss: this.#meanLoss,
      validationLoss: this.#validationLoss,
      gradientNorm: this.#norm,
      skippedSteps: this.#skipped,
      seconds: this.#seconds,
      secondsLeft: steps === undefined ? undefined : (this.#seconds / this.#step) * (steps - this.#step),
    };
  }

  get #seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  get #reachedSteps(): boolean {
    return this.#step >= (this.#options.steps ?? Number.POSITIVE_INFINITY);
  }

  get #ended(): boolean {
    return this.#reachedSteps || (this.#options.signal?.aborted ?? false);
  }
}

/** The first layer with a weight that is not finite, as a part of a sentence. */
function placeOfNotFinite(network: Sequential): string {
  const isBroken = (layer: Layer) =>
    layer.parameters.some(({ engine, size, address }) => !Number.isFinite(engine.kernels.sum(size, address)));
  const index = network.layers.findIndex(isBroken);
  const layer = network.layers[index];
  if (layer) return `, layer ${index} (${layer.kind}) has weights that are not finite`;
  return `, in or after layer 0 (${network.layers[0]?.kind}), all weights are finite`;
}
