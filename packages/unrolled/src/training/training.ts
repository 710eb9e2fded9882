import { type Data, examplesOf } from "../data/data.js";
import { UnrolledError } from "../errors.js";
import type { Network } from "../layers/network.js";
import type { Batch } from "./batch.js";
import type { Checkpoint } from "./checkpoint.js";
import { Clipping } from "./clipping.js";
import type { FitOptions } from "./fit-options.js";
import type { EpochRecord, TrainingHistory, TrainingProgress } from "./history.js";
import { LearningRate } from "./learning-rate.js";
import { MetricMeans } from "./metrics/metric-means.js";
import { Objective } from "./objective.js";
import { buildOfBits, firstPosition, type TrainingPosition } from "./position.js";
import { restoreSnapshot, type TrainingParts, takeSnapshot } from "./snapshot.js";
import { notFinite, Stepper, type StepResult } from "./step.js";
import { Turns } from "./turns.js";
import { Validation } from "./validation.js";
import { WeightAverage } from "./weight-average.js";

/** Steps in a row whose gradient is not finite before training gives up. */
const SKIPS_IN_A_ROW = 10;
const MEAN_DECAY = 0.98;

type Position = { -readonly [K in keyof TrainingPosition]: TrainingPosition[K] };

/** The loop of `fit`: everything that changes along the way is in its position and in its parts. */
export class Training {
  readonly #data: Data<Batch>;
  readonly #options: FitOptions;
  readonly #position: Position;
  readonly #parts: TrainingParts;
  readonly #stepper: Stepper;
  readonly #metrics: MetricMeans;
  readonly #validation: Validation;
  readonly #learningRate: LearningRate;
  readonly #epochs: number;
  #stepsInEpoch: number | undefined;
  #batchesInEpoch: number | undefined;
  #began = performance.now();
  /** The step that a checkpoint was last made of, or training began with. */
  #keptStep = 0;

  constructor(network: Network, data: Data<Batch>, options: FitOptions) {
    const { loss, optimizer, metrics = [], accumulate = 1 } = options;
    this.#data = data;
    this.#options = options;
    this.#metrics = new MetricMeans("fit", metrics, loss);
    const clipping = new Clipping("fit", options);
    const objective = new Objective(network, loss, this.#metrics.any);
    const average = options.averageWeights === undefined ? undefined : new WeightAverage(network);
    this.#validation = new Validation(network, options, average);
    this.#learningRate = new LearningRate(optimizer, options.schedule, this.#validation);
    this.#parts = { network, optimizer, objective, average, stopping: this.#validation.stopping };
    this.#stepper = new Stepper({ network, objective, optimizer, clipping, metrics: this.#metrics, accumulate });
    const batches = Array.isArray(data) ? batchesOf(data, options) : options.batchesInEpoch;
    if (batches !== undefined) this.#countBatches(batches);
    const forSteps = options.steps && this.#stepsInEpoch ? Math.ceil(options.steps / this.#stepsInEpoch) : undefined;
    this.#epochs = options.epochs ?? forSteps ?? (options.steps ? Number.POSITIVE_INFINITY : 1);
    this.#position = firstPosition(network.engine.name, optimizer.name);
  }

  async run(): Promise<TrainingHistory> {
    const { resumeFrom } = this.#options;
    if (resumeFrom) this.#restore(resumeFrom);
    const at = this.#position;
    this.#keptStep = at.step;
    const turns = new Turns();
    // a checkpoint of the last step there was may have been taken before its epoch was closed
    if (this.#ended && at.batch > 0) await this.#closeEpoch();
    while (at.epoch <= this.#epochs && !this.#ended) await this.#runEpoch(turns);
    at.seconds = this.#seconds;
    await this.#keep();
    this.#settleWeights();
    return this.#history();
  }

  /** What is left of the epoch at hand. */
  async #runEpoch(turns: Turns): Promise<void> {
    const at = this.#position;
    let index = 0;
    let cut = false;
    if (at.batch === 0) this.#parts.objective.reset();
    for await (const batch of examplesOf(this.#data, at.epoch)) {
      if (index++ < at.batch) continue;
      const learningRate = this.#learningRate.at(at);
      const result = this.#stepper.add(batch, learningRate, at.step + 1);
      at.batch++;
      if (result) await this.#afterStep(result, learningRate);
      await turns.giveWay();
      cut = result !== undefined && this.#ended;
      if (cut) break;
    }
    if (at.batch === 0) throw new UnrolledError("UNROLLED_DATA", "fit: expected at least one batch in an epoch, received none.");
    if (!cut) {
      this.#countBatches(at.batch);
      const learningRate = this.#learningRate.at(at);
      const result = this.#stepper.finish(learningRate);
      if (result) await this.#afterStep(result, learningRate);
    }
    await this.#closeEpoch();
  }

  /** Measures validation, and goes on to the next epoch if all batches of this one are done. An epoch that a signal ends stays open. */
  async #closeEpoch(): Promise<void> {
    if (this.#aborted) return;
    const at = this.#position;
    const isComplete = at.batch === this.#batchesInEpoch;
    // whoever goes on from here with more steps doesn't measure here
    if (!isComplete) await this.#keep();
    if (!this.#validatesAt(at.step)) await this.#validation.run(at);
    if (!isComplete) return;
    at.epochs = [...at.epochs, this.#record()];
    Object.assign(at, { epoch: at.epoch + 1, batch: 0, epochLoss: 0, epochWeight: 0 });
    this.#metrics.reset();
  }

  async #afterStep(result: StepResult, learningRate: number): Promise<void> {
    const { averageWeights, onProgress } = this.#options;
    const { loss, weight } = result;
    const at = this.#position;
    at.step++;
    at.epochLoss += weight * loss;
    at.epochWeight += weight;
    if (weight > 0) at.meanLoss += (loss - at.meanLoss) * Math.max(1 - MEAN_DECAY, 1 / at.step);
    at.seconds = this.#seconds;
    this.#countSkipped(result);
    if (averageWeights !== undefined) this.#parts.average?.follow(averageWeights, at.step);
    if (this.#validatesAt(at.step)) await this.#validation.run(at);
    if (this.#checkpointsAt(at.step)) await this.#keep();
    onProgress?.(this.#progress(result, learningRate));
  }

  /** A step whose gradient is not finite was left out; too many in a row end training. */
  #countSkipped({ gradientNorm }: StepResult): void {
    const at = this.#position;
    if (Number.isFinite(gradientNorm)) {
      at.skippedInARow = 0;
      return;
    }
    at.skippedSteps++;
    at.skippedInARow++;
    if (at.skippedInARow < SKIPS_IN_A_ROW) return;
    throw notFinite(this.#parts.network, `gradient, ${SKIPS_IN_A_ROW} steps in a row,`, gradientNorm, at.step);
  }

  #countBatches(batches: number): void {
    this.#batchesInEpoch = batches;
    this.#stepsInEpoch = Math.ceil(batches / (this.#options.accumulate ?? 1));
  }

  #validatesAt(step: number): boolean {
    const { validateEvery } = this.#options;
    return validateEvery !== undefined && step % validateEvery === 0;
  }

  #checkpointsAt(step: number): boolean {
    const { checkpointEvery } = this.#options;
    return checkpointEvery !== undefined && step % checkpointEvery === 0;
  }

  /** The weights that the network keeps: the best ones, else the averaged ones, else those of the last step. */
  #settleWeights(): void {
    const { average, stopping } = this.#parts;
    (stopping?.bestWeights ?? average)?.put();
  }

  #record(): EpochRecord {
    const { epoch, step, epochLoss, epochWeight, seconds } = this.#position;
    const { loss: validationLoss, metrics: validationMetrics } = this.#validation;
    return {
      epoch,
      step,
      loss: epochWeight === 0 ? 0 : epochLoss / epochWeight,
      ...(this.#metrics.any ? { metrics: this.#metrics.values } : {}),
      ...(validationLoss === undefined ? {} : { validationLoss }),
      ...(validationMetrics === undefined ? {} : { validationMetrics }),
      seconds,
    };
  }

  #history(): TrainingHistory {
    const { epochs, batch, step, skippedSteps, seconds } = this.#position;
    const { stopping } = this.#parts;
    return {
      // training may have ended within an epoch
      epochs: batch > 0 ? [...epochs, this.#record()] : epochs,
      steps: step,
      skippedSteps,
      seconds,
      interrupted: this.#aborted,
      ...(stopping?.best ? { best: stopping.best } : {}),
      ...(stopping ? { stoppedEarly: stopping.isOver } : {}),
    };
  }

  #progress({ loss, gradientNorm }: StepResult, learningRate: number): TrainingProgress {
    const { epoch, step, meanLoss, skippedSteps, seconds } = this.#position;
    const inEpochs = (this.#stepsInEpoch ?? Number.POSITIVE_INFINITY) * this.#epochs;
    const limit = Math.min(inEpochs, this.#options.steps ?? Number.POSITIVE_INFINITY);
    const steps = Number.isFinite(limit) ? limit : undefined;
    return {
      epoch,
      epochs: this.#epochs,
      step,
      steps,
      loss,
      meanLoss,
      metrics: this.#metrics.values,
      validationLoss: this.#validation.loss,
      validationMetrics: this.#validation.metrics,
      learningRate,
      gradientNorm,
      skippedSteps,
      seconds,
      secondsLeft: steps === undefined ? undefined : (seconds / step) * (steps - step),
    };
  }

  /** Makes a checkpoint, where there is none of this step. */
  async #keep(): Promise<void> {
    const { step } = this.#position;
    if (step === this.#keptStep) return;
    this.#keptStep = step;
    this.#position.seconds = this.#seconds;
    await this.#options.onCheckpoint?.(this.#checkpoint());
  }

  #checkpoint(): Checkpoint {
    const { tensors, counts } = takeSnapshot(this.#parts);
    const { sums, weight } = this.#metrics.state;
    const metrics = { metricNames: this.#metrics.names, metricSums: sums, metricWeight: weight };
    return { position: { ...this.#position, ...metrics, ...this.#validation.state, ...counts }, tensors };
  }

  #restore(checkpoint: Checkpoint): void {
    const { position } = checkpoint;
    this.#checkFits(position);
    restoreSnapshot(this.#parts, checkpoint);
    this.#validation.restore(position);
    this.#metrics.state = { sums: position.metricSums, weight: position.metricWeight };
    Object.assign(this.#position, position);
    this.#began = performance.now() - position.seconds * 1000;
  }

  /** @throws {UnrolledError} `UNROLLED_VALUE` where going on would not give the bits of an unbroken run. */
  #checkFits({ engine, optimizer, metricNames }: TrainingPosition): void {
    const mine = buildOfBits(this.#parts.network.engine.name);
    if (engine !== mine) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `checkpoint: it was computed by the ${engine} build, this network by ${mine}, which rounds differently; ` +
          `set UNROLLED_SIMD=${engine}, or start anew.`,
      );
    }
    if (optimizer !== this.#options.optimizer.name) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `checkpoint: it was trained with ${optimizer}, this run has ${this.#options.optimizer.name}; use ${optimizer}, or start anew.`,
      );
    }
    const [theirs, own] = [metricNames, this.#metrics.names].map((names) => names.join(", ") || "none") as [string, string];
    if (theirs !== own) {
      throw new UnrolledError(
        "UNROLLED_VALUE",
        `checkpoint: its metrics are ${theirs}, those of this run ${own}; measure the same, or start anew.`,
      );
    }
  }

  get #seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  get #aborted(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  get #ended(): boolean {
    const { steps = Number.POSITIVE_INFINITY } = this.#options;
    return this.#aborted || this.#position.step >= steps || (this.#parts.stopping?.isOver ?? false);
  }
}

function batchesOf({ length }: readonly Batch[], { batchesInEpoch = length }: FitOptions): number {
  if (batchesInEpoch === length) return length;
  throw new UnrolledError(
    "UNROLLED_VALUE",
    `fit: \`batchesInEpoch\` is for data that is a function; the array has ${length} batches, received ${batchesInEpoch}; leave it out.`,
  );
}
