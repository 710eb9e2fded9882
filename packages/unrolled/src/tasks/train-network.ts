import type { Data } from "../data/data.js";
import { asStore } from "../files/store.js";
import type { Network } from "../layers/network.js";
import type { Batch } from "../training/batch.js";
import type { EarlyStoppingOptions } from "../training/early-stopping.js";
import { fit } from "../training/fit.js";
import type { TrainingHistory, TrainingProgress } from "../training/history.js";
import type { Loss } from "../training/losses/loss.js";
import type { AnyMetric } from "../training/metrics/metric.js";
import { Checkpoints, newestCheckpoint, type TrainingIdentity } from "./checkpoints.js";
import type { ResolvedTraining, TrainingOptions } from "./training-options.js";
import type { TrainingLength } from "./worker/schedule.js";

/** A network whose training may begin, with what it is trained on. */
export interface PreparedTraining {
  /** With the task's defaults filled in. */
  readonly options: ResolvedTraining<unknown, never>;
  readonly network: Network;
  /** An array is gone through in its order; a function gives the batches of an epoch, the same ones whenever it is asked for that epoch. */
  readonly data: Data<Batch>;
  /** How many batches an epoch has, where the data is a function and that is known. */
  readonly batchesInEpoch?: number;
  readonly validation: Data<Batch>;
  readonly loss: Loss;
  readonly metrics?: readonly AnyMetric[];
  /** What `patience` watches: which of the metrics, and how much better counts as better. Default: any better loss. */
  readonly watched?: Pick<EarlyStoppingOptions, "metric" | "minDelta">;
  /** What decides the bits besides the position. */
  readonly identity: TrainingIdentity;
  onProgress?(progress: TrainingProgress): void;
}

/** What whoever trains for another is told. */
export interface TrainingHooks {
  /** Called before the first step. Training waits for it. `steps` is Infinity where it is not known. */
  begun?(length: TrainingLength): void | Promise<void>;
}

/**
 * Trains a task's network: holds the place of its checkpoints, finds the one to go on from, and has `fit` do the rest. The optimizer, the
 * schedule, clipping, early stopping and the signal are those of the options.
 *
 * @param given the options as they were given, checked
 * @param prepare makes the network and its batches, given the options with the seed of the checkpoint where that decides; it may give more
 * than is asked for here, which comes back
 * @throws {UnrolledError} what `prepare`, the store and `fit` throw, and `UNROLLED_VALUE` where a checkpoint belongs to another training.
 */
export async function trainNetwork<O extends TrainingOptions<unknown, never>, R extends PreparedTraining>(
  given: O,
  prepare: (options: O) => R | Promise<R>,
  { begun }: TrainingHooks = {},
): Promise<{ prepared: R; history: TrainingHistory }> {
  const store = given.checkpoints && asStore(given.checkpoints);
  const release = await store?.hold?.();
  try {
    const found = store && given.resume ? await newestCheckpoint(store, given.onNotice ?? (() => undefined)) : undefined;
    const prepared = await prepare(given.seed === undefined && found ? { ...given, seed: Number(found.identity.seed) } : given);
    const { options, network, data, batchesInEpoch, validation, loss, metrics, watched, identity } = prepared;
    const checkpoints = store && new Checkpoints(store, identity, found);
    await begun?.(lengthOf(typeof data === "function" ? batchesInEpoch : data.length, options));
    const { optimizer, clipNorm, patience } = options;
    const history = await fit(network, data, {
      ...{ loss, optimizer, clipNorm, validation },
      ...(metrics ? { metrics } : {}),
      ...(batchesInEpoch === undefined ? {} : { batchesInEpoch }),
      ...(patience === undefined ? {} : { earlyStopping: { patience, ...watched } }),
      ...present(options, ["schedule", "epochs", "steps", "validateEvery", "checkpointEvery", "signal"]),
      ...(checkpoints ? { onCheckpoint: (checkpoint) => checkpoints.save(checkpoint) } : {}),
      ...(found ? { resumeFrom: found } : {}),
      onProgress: (progress) => prepared.onProgress?.(progress),
    });
    return { prepared, history };
  } finally {
    await release?.();
  }
}

function lengthOf(
  batches: number | undefined,
  { epochs, steps }: Pick<ResolvedTraining<unknown, never>, "epochs" | "steps">,
): TrainingLength {
  const most = Number.POSITIVE_INFINITY;
  const stepsInEpoch = batches ?? most;
  return { stepsInEpoch, steps: Math.min((epochs ?? most) * stepsInEpoch, steps ?? most) };
}

function present<O extends object, K extends keyof O>(options: O, names: readonly K[]): { [N in K]?: Exclude<O[N], undefined> } {
  const given = names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  return Object.fromEntries(given) as { [N in K]?: Exclude<O[N], undefined> };
}
