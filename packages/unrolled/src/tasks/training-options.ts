import { UnrolledError } from "../errors.js";
import type { ModelStore } from "../files/store.js";
import { checkCount, checkFunctions, checkSignal } from "../layers/options.js";
import { checkSeed, freshSeed, type Seed } from "../tensor/random.js";
import { adam } from "../training/optimizers/adam.js";
import { checkRange, type Optimizer } from "../training/optimizers/optimizer.js";
import type { Schedule } from "../training/schedules/schedule.js";
import type { TaskProgress } from "./progress.js";

/** How a task's network is trained, whatever the task. `V` is what it can validate on, besides a fraction of what it trains on. */
export interface TrainingOptions<V, P = TaskProgress> {
  /** How often the data is gone through at most. */
  epochs?: number;
  /** Ends training after that many steps, whatever the epochs. Default: no limit. */
  steps?: number;
  /** Examples of a step. */
  batchSize?: number;
  /** Of Adam; another optimizer brings its own. */
  learningRate?: number;
  /** Changes the weights, such as `sgd({ learningRate: 1 })`. Default: Adam. */
  optimizer?: Optimizer;
  /** What the learning rate is multiplied by at each step; whoever resumes gives the same. Default: 1. */
  schedule?: Schedule;
  /** Global norm that gradients are scaled down to. Default: 1. */
  clipNorm?: number;
  /** For initial weights, dropout, and the order of examples. Default: another one each time; the model's config tells which. */
  seed?: Seed;
  /** A fraction of the data, or data of its own. Default: 0.1. */
  validation?: number | V;
  /** Measures the validation loss every so many steps, besides the end of an epoch. */
  validateEvery?: number;
  /**
   * Ends training where so many measurements of the validation in a row are no better than the best one; the model has the weights of the
   * best one, however training ends.
   */
  patience?: number;
  /** Where checkpoints are kept, at the end of training at least: a folder, another store, or a map. Default: nowhere. */
  checkpoints?: ModelStore | Map<string, Uint8Array>;
  /** Keeps one every so many steps as well. */
  checkpointEvery?: number;
  /**
   * Goes on from the newest checkpoint, where there is one: the same data and options give the very bits of a run that was never
   * interrupted. `epochs` and `steps` may differ. Default: false.
   */
  resume?: boolean;
  /** Told what is worth knowing and no error, such as a damaged checkpoint that was passed over. */
  onNotice?: (notice: string) => void;
  /** Called after every step. */
  onProgress?: (progress: P) => void;
  /** Ends training after the step at hand; the model is what it is by then, and its `history.interrupted` is true. */
  signal?: AbortSignal;
  /**
   * Trains in a worker of its own (of the page, or a thread of Node's), so that the page or server does its other work meanwhile, and on
   * all threads where the page is cross-origin isolated. The bits are the same. Default: false.
   */
  worker?: boolean;
}

/** The names of the options that every task has. */
export const TRAINING_OPTIONS = [
  "epochs",
  "steps",
  "batchSize",
  "learningRate",
  "optimizer",
  "schedule",
  "clipNorm",
  "seed",
  "validation",
  "validateEvery",
  "patience",
  "checkpoints",
  "checkpointEvery",
  "resume",
  "onNotice",
  "onProgress",
  "signal",
  "worker",
] as const;

/** What a task trains with where nothing else is said. */
export interface TrainingDefaults {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly validation?: number;
  readonly patience?: number;
}

/** Options with the task's defaults filled in. */
export type ResolvedTraining<V, P = TaskProgress> = TrainingOptions<V, P> &
  Required<Pick<TrainingOptions<V, P>, "batchSize" | "learningRate" | "optimizer" | "clipNorm" | "seed" | "validation">>;

/**
 * @param what data to validate on is, in the words of an error message: `a text`, say
 * @throws {UnrolledError} `UNROLLED_VALUE` for an option that is out of range, or useless without another one.
 */
export function resolveTraining<V, P>(
  where: string,
  options: TrainingOptions<V, P>,
  defaults: TrainingDefaults,
  what: string,
): ResolvedTraining<V, P> {
  for (const name of ["epochs", "steps", "validateEvery", "patience", "checkpointEvery"] as const) {
    if (options[name] !== undefined) checkCount(where, name, options[name]);
  }
  checkFunctions(where, options, ["onNotice", "onProgress"]);
  checkSignal(where, options.signal);
  if (!options.checkpoints && (options.resume || options.checkpointEvery !== undefined)) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${where}: \`resume\` and \`checkpointEvery\` need \`checkpoints\`, a place for them.`,
    );
  }
  const { validation = defaults.validation ?? 0.1, patience = defaults.patience } = options;
  if (typeof validation === "number" && !(validation > 0 && validation < 1)) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${where}: \`validation\` must be ${what}, or a fraction between 0 and 1, received ${validation}.`,
    );
  }
  if (options.optimizer && options.learningRate !== undefined) {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      `${where}: \`learningRate\` is Adam's; give it to the ${options.optimizer.name} in \`optimizer\` instead.`,
    );
  }
  const rate = options.optimizer?.learningRate ?? options.learningRate ?? defaults.learningRate;
  const learningRate = checkRange(where, "learningRate", rate, 0, Number.POSITIVE_INFINITY);
  return {
    ...options,
    ...(options.epochs === undefined && options.steps === undefined ? { epochs: defaults.epochs } : {}),
    ...(patience === undefined ? {} : { patience }),
    batchSize: checkCount(where, "batchSize", options.batchSize ?? defaults.batchSize),
    learningRate,
    optimizer: options.optimizer ?? adam({ learningRate }),
    clipNorm: checkRange(where, "clipNorm", options.clipNorm ?? 1, Number.MIN_VALUE, Number.POSITIVE_INFINITY),
    seed: checkSeed(options.seed ?? freshSeed()),
    validation,
  };
}
