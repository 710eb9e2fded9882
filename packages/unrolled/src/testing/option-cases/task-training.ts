import type { TrainingOptions } from "../../tasks/training-options.js";
import { readCheckpoint } from "../../training/checkpoint.js";
import { adam } from "../../training/optimizers/adam.js";
import { sgd } from "../../training/optimizers/sgd.js";
import { constant } from "../../training/schedules/constant.js";

const refuse = () => {
  throw new Error("called");
};

/** How tasks are trained where they are walked, without what depends on their data: `validation` and `checkpoints`. */
export const taskTraining = {
  ...{ epochs: 6, steps: undefined, batchSize: 2, learningRate: undefined, optimizer: adam({ learningRate: 0.3 }) },
  ...{ schedule: undefined, clipNorm: 1, seed: 1, validateEvery: undefined, patience: 9 },
  ...{ checkpointEvery: undefined, resume: false, onProgress: undefined, signal: undefined },
} as const;

/** The same otherwise. */
export const otherTaskTraining = {
  ...{ epochs: 1, steps: 1, batchSize: 3, learningRate: 0.1, optimizer: sgd() },
  ...{ schedule: constant(0.5), clipNorm: 0.01, seed: 2, validateEvery: 1, patience: 1 },
  ...{ checkpoints: undefined, checkpointEvery: 1, resume: true, onProgress: refuse, signal: AbortSignal.abort() },
} as const;

/** In a worker the same comes out, by its promise, and notices are of damaged checkpoints: both have tests of their own. */
export const unseenOfTraining = ["worker", "onNotice"] as const;

/** Files of a model that repeat its options, or tell the time. */
const TELLING = ["config.json", "history.jsonl", "README.md"];

/** A model as far as it is looked at. */
interface Trained {
  save(store: Map<string, Uint8Array>): Promise<void>;
}

/** What there is to be seen of a model and its training, without what the clock tells and what only repeats the options. */
export async function seenOfTraining<O extends TrainingOptions<unknown, never>, M extends Trained>(
  options: O,
  train: (options: O) => Promise<M>,
  used: (model: M) => unknown = () => undefined,
): Promise<unknown> {
  const seen: unknown[] = [];
  const checkpoints = options.checkpoints && new Map(options.checkpoints as Map<string, Uint8Array>);
  const onProgress = ({ step, loss, validationLoss }: Readonly<Record<string, unknown>>) =>
    void seen.push([step, loss, validationLoss]);
  const model = await train({
    ...options,
    ...(checkpoints ? { checkpoints } : {}),
    onProgress: options.onProgress ?? onProgress,
  });
  const files = new Map<string, Uint8Array>();
  await model.save(files);
  const learned = [...files].filter(([name]) => !TELLING.includes(name)).map(([name, bytes]) => [name, [...bytes]]);
  const kept = [...(checkpoints ?? [])].map(([name, bytes]) => [name, readCheckpoint(bytes, name).position.step]);
  return { learned: Object.fromEntries(learned), seen, kept, used: await used(model) };
}

/** The checkpoint of a training that ended after two steps. */
export async function halfOf(
  options: Readonly<Record<string, unknown>>,
  train: (options: never) => Promise<unknown>,
): Promise<Map<string, Uint8Array>> {
  const checkpoints = new Map<string, Uint8Array>();
  await train({ ...options, steps: 2, checkpoints } as never);
  return checkpoints;
}

/** Data that is read lazily. */
export function lazily<E>(examples: readonly E[]): () => AsyncIterable<E> {
  return async function* () {
    for (const example of examples) yield await Promise.resolve(example);
  };
}
