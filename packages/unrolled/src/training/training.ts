import { UnrolledError } from "../errors.js";
import type { LayerState } from "../layers/layer.js";
import type { Sequential } from "../layers/sequential.js";
import type { Parameter } from "../tensor/parameter.js";
import { formatShape, type Shape, sameShape } from "../tensor/shape.js";
import { Tensor } from "../tensor/tensor.js";
import { type Batch, type Data, examplesOf } from "./batch.js";
import type { Checkpoint, TrainingPosition } from "./checkpoint.js";
import { evaluateLoss } from "./evaluate-loss.js";
import type { FitOptions } from "./fit.js";
import type { EpochRecord, TrainingHistory, TrainingProgress } from "./history.js";
import { Objective } from "./objective.js";
import { notFinite, takeStep } from "./step.js";
import { Turns } from "./turns.js";

/** Steps in a row whose gradient is not finite before training gives up. */
const SKIPS_IN_A_ROW = 10;
const MEAN_DECAY = 0.98;

type Position = { -readonly [K in keyof TrainingPosition]: TrainingPosition[K] };

/** The loop of `fit`: everything that changes along the way is in its position, in the weights and in the optimizer. */
export class Training {
  readonly #network: Sequential;
  readonly #data: Data<Batch>;
  readonly #options: FitOptions;
  readonly #objective: Objective;
  readonly #position: Position;
  readonly #epochs: number;
  #batchesInEpoch: number | undefined;
  #began = performance.now();
  #gradientNorm = 0;

  constructor(network: Sequential, data: Data<Batch>, options: FitOptions) {
    this.#network = network;
    this.#data = data;
    this.#options = options;
    this.#objective = new Objective(network, options.loss);
    this.#batchesInEpoch = typeof data === "function" ? undefined : data.length;
    const forSteps = options.steps && this.#batchesInEpoch ? Math.ceil(options.steps / this.#batchesInEpoch) : undefined;
    this.#epochs = options.epochs ?? forSteps ?? (options.steps ? Number.POSITIVE_INFINITY : 1);
    this.#position = this.#start();
  }

  async run(): Promise<TrainingHistory> {
    const { resumeFrom, onCheckpoint } = this.#options;
    if (resumeFrom) this.#restore(resumeFrom);
    const at = this.#position;
    const before = at.step;
    const turns = new Turns();
    let cut = false;
    while (at.epoch <= this.#epochs && !this.#ended) cut = !(await this.#runEpoch(turns));
    at.seconds = this.#seconds;
    if (at.step > before && !this.#checkpointsAt(at.step)) await onCheckpoint?.(this.#checkpoint());
    const { step, skippedSteps, seconds } = at;
    const epochs = cut ? [...at.epochs, this.#record()] : at.epochs;
    return { epochs, steps: step, skippedSteps, seconds, interrupted: this.#aborted };
  }

  /** What is left of the epoch at hand. Returns whether it came to its end. */
  async #runEpoch(turns: Turns): Promise<boolean> {
    const at = this.#position;
    let index = 0;
    let cut = false;
    if (at.batch === 0) this.#objective.reset();
    for await (const batch of examplesOf(this.#data)) {
      if (index++ < at.batch) continue;
      await this.#step(batch);
      await turns.giveWay();
      cut = this.#ended;
      if (cut) break;
    }
    if (at.batch === 0) throw new UnrolledError("UNROLLED_DATA", "fit: expected at least one batch in an epoch, received none.");
    if (!cut) this.#batchesInEpoch = at.batch;
    const complete = at.batch === this.#batchesInEpoch;
    if (!this.#aborted && !this.#validatesAt(at.step)) await this.#validate();
    if (!complete) return false;
    at.epochs = [...at.epochs, this.#record()];
    Object.assign(at, { epoch: at.epoch + 1, batch: 0, epochLoss: 0 });
    return true;
  }

  async #step(batch: Batch): Promise<void> {
    const { optimizer, clipNorm, onCheckpoint, onProgress } = this.#options;
    const at = this.#position;
    const { loss, gradientNorm } = takeStep(this.#network, this.#objective, optimizer, clipNorm, batch, at.step + 1);
    at.step++;
    at.batch++;
    at.epochLoss += loss;
    at.meanLoss += (loss - at.meanLoss) * Math.max(1 - MEAN_DECAY, 1 / at.step);
    at.seconds = this.#seconds;
    this.#gradientNorm = gradientNorm;
    this.#countSkipped();
    if (this.#validatesAt(at.step)) await this.#validate();
    if (this.#checkpointsAt(at.step)) await onCheckpoint?.(this.#checkpoint());
    onProgress?.(this.#progress(loss));
  }

  /** A step whose gradient is not finite was left out; too many in a row end training. */
  #countSkipped(): void {
    const at = this.#position;
    if (Number.isFinite(this.#gradientNorm)) {
      at.skippedInARow = 0;
      return;
    }
    at.skippedSteps++;
    at.skippedInARow++;
    if (at.skippedInARow < SKIPS_IN_A_ROW) return;
    throw notFinite(this.#network, `gradient, ${SKIPS_IN_A_ROW} steps in a row,`, this.#gradientNorm, at.step);
  }

  #validatesAt(step: number): boolean {
    const { validateEvery } = this.#options;
    return validateEvery !== undefined && step % validateEvery === 0;
  }

  #checkpointsAt(step: number): boolean {
    const { checkpointEvery } = this.#options;
    return checkpointEvery !== undefined && step % checkpointEvery === 0;
  }

  async #validate(): Promise<void> {
    const { validation, loss } = this.#options;
    if (validation) this.#position.validationLoss = await evaluateLoss(this.#network, validation, loss);
  }

  #record(): EpochRecord {
    const { epoch, batch, step, epochLoss, validationLoss, seconds } = this.#position;
    const validated = validationLoss === undefined ? {} : { validationLoss };
    return { epoch, step, loss: epochLoss / batch, ...validated, seconds };
  }

  #progress(loss: number): TrainingProgress {
    const { epoch, step, meanLoss, validationLoss, skippedSteps, seconds } = this.#position;
    const inEpochs = (this.#batchesInEpoch ?? Number.POSITIVE_INFINITY) * this.#epochs;
    const limit = Math.min(inEpochs, this.#options.steps ?? Number.POSITIVE_INFINITY);
    const steps = Number.isFinite(limit) ? limit : undefined;
    const secondsLeft = steps === undefined ? undefined : (seconds / step) * (steps - step);
    const gradientNorm = this.#gradientNorm;
    return {
      epoch,
      epochs: this.#epochs,
      step,
      steps,
      loss,
      meanLoss,
      validationLoss,
      gradientNorm,
      skippedSteps,
      seconds,
      secondsLeft,
    };
  }

  #checkpoint(): Checkpoint {
    const { optimizer } = this.#options;
    const network = this.#network;
    const { states, sequences } = this.#objective.carried;
    const kept = network.parameters.flatMap((parameter, index) =>
      Array.from(optimizer.read(parameter), ([name, values]): [string, Tensor] => [slotName(index, name), values]),
    );
    const weights = network.parameters.map((parameter, index): [string, Tensor] => [
      weightName(index, parameter),
      parameter.read(),
    ]);
    const carried = states.flatMap((state, index) =>
      Object.entries(state).map(([name, values]): [string, Tensor] => [stateName(index, name), values as Tensor]),
    );
    const draws = network.randomStreams.map(({ counter }) => counter);
    const updates = network.parameters.map((parameter) => optimizer.updatesOf(parameter));
    return {
      position: { ...this.#position, draws, updates, sequences },
      tensors: new Map([...weights, ...kept, ...carried]),
    };
  }

  /** Sets weights, optimizer, random streams, carried states and position to what they were. All is checked before anything changes. */
  #restore({ position, tensors }: Checkpoint): void {
    const { optimizer } = this.#options;
    const network = this.#network;
    this.#checkFits(position);
    const problems: string[] = [];
    const take = (name: string, shape: Shape): Tensor => {
      const found = tensors.get(name);
      if (found && sameShape(found.shape, shape)) return found;
      problems.push(
        `${name} must be ${formatShape(shape)}, ${found ? `received ${formatShape(found.shape)}` : "but it is missing"}`,
      );
      return Tensor.owning(new Float32Array(0), [0]);
    };
    const parameters = network.parameters.map((parameter, index) => ({
      parameter,
      weights: take(weightName(index, parameter), parameter.shape),
      kept: new Map(optimizer.slotNames.map((name) => [name, take(slotName(index, name), parameter.shape)])),
      updates: position.updates[index] ?? 0,
    }));
    const states = network.recurrentLayers.map((layer, index) => {
      const shape = [layer.layers, position.sequences, layer.units];
      return Object.fromEntries(layer.states.map((name) => [name, take(stateName(index, name), shape)])) as unknown as LayerState;
    });
    if (problems.length > 0) {
      throw new UnrolledError("UNROLLED_STATE_DICT", `checkpoint: it doesn't fit this network: ${problems.join("; ")}.`);
    }
    for (const { parameter, weights, kept, updates } of parameters) {
      parameter.write(weights);
      optimizer.write(parameter, kept, updates);
    }
    this.#objective.carried = { states, sequences: position.sequences };
    for (const [index, stream] of network.randomStreams.entries()) stream.counter = position.draws[index] ?? 0;
    Object.assign(this.#position, position);
    this.#began = performance.now() - position.seconds * 1000;
  }

  /** @throws {UnrolledError} `UNROLLED_VALUE` where going on would not give the bits of an unbroken run. */
  #checkFits({ engine, optimizer }: TrainingPosition): void {
    const mine = this.#network.engine.name;
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
  }

  #start(): Position {
    return {
      engine: this.#network.engine.name,
      optimizer: this.#options.optimizer.name,
      epoch: 1,
      batch: 0,
      step: 0,
      skippedSteps: 0,
      skippedInARow: 0,
      meanLoss: 0,
      epochLoss: 0,
      validationLoss: undefined,
      seconds: 0,
      epochs: [],
      draws: [],
      updates: [],
      sequences: 0,
    };
  }

  get #seconds(): number {
    return (performance.now() - this.#began) / 1000;
  }

  get #aborted(): boolean {
    return this.#options.signal?.aborted ?? false;
  }

  get #ended(): boolean {
    return this.#aborted || this.#position.step >= (this.#options.steps ?? Number.POSITIVE_INFINITY);
  }
}

const weightName = (index: number, { name }: Parameter): string => `weight.${index}.${name}`;
const slotName = (index: number, name: string): string => `optimizer.${index}.${name}`;
const stateName = (index: number, name: string): string => `state.${index}.${name}`;
