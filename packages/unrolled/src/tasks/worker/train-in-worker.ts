import type { PieceRules } from "../../data/text/pieces/rules.js";
import { asStore, type ModelStore, memoryStore } from "../../files/store.js";
import type { GivenPieces } from "../given-pieces.js";
import type { TrainingOptions } from "../training-options.js";
import { examplesCall } from "./data.js";
import { portable } from "./optimizer.js";
import { runInWorker } from "./page.js";
import { scheduleTable, type TrainingLength } from "./schedule.js";
import { storeCalls } from "./store.js";

/** What can be trained on: what can be cloned, or a function that gives examples. */
type Portable = unknown | ((epoch: number) => AsyncIterable<unknown>);

/**
 * Trains in a worker: what `train` of the task does here happens there, and the model comes back as its files. The task's options are
 * checked by then.
 *
 * @param task by its name in `worker/tasks.ts`
 * @throws {UnrolledError} what the task throws, and as `runInWorker`.
 */
export async function trainInWorker<V, P>(
  task: string,
  data: Portable,
  options: TrainingOptions<V, P> & GivenPieces,
): Promise<ModelStore> {
  const { worker: _, signal, onProgress, onNotice, schedule, optimizer, tokenizer, checkpoints, validation, ...plain } = options;
  const store = checkpoints && asStore(checkpoints);
  const [train, held] = [inPortable("data", data), inPortable("validation", validation)];
  const portableOptions: PortableOptions = {
    ...plain,
    ...(validation === undefined ? {} : { validation: held.value }),
    ...(optimizer && { optimizer: portable(optimizer) }),
    // an object of a class can't be sent; what it is made of can
    ...(tokenizer && { tokenizer: tokenizer.rules }),
    ...(store && { checkpoints: store.description }),
  };
  const calls = {
    ...train.calls,
    ...held.calls,
    ...(onProgress && { onProgress }),
    ...(onNotice && { onNotice }),
    ...(schedule && { schedule: (length: TrainingLength) => scheduleTable(schedule, length) }),
    ...(store && storeCalls(store)),
  };
  const release = await store?.hold?.();
  try {
    return memoryStore(await runInWorker({ task, data: train.value, options: portableOptions, calls, signal }));
  } finally {
    await release?.();
  }
}

/** The options, those that can be cloned; what a task has besides is among them. */
export interface PortableOptions
  extends Omit<
    TrainingOptions<unknown>,
    "worker" | "signal" | "onProgress" | "onNotice" | "schedule" | "optimizer" | "checkpoints" | "validation"
  > {
  readonly optimizer?: ReturnType<typeof portable>;
  /** What the page's is made of. */
  readonly tokenizer?: PieceRules;
  /** The description of the page's store. */
  readonly checkpoints?: string;
  readonly validation?: unknown;
}

/** Data as it is, or as the name of a function that the page answers for. */
function inPortable(name: string, data: unknown) {
  if (typeof data !== "function") return { value: data, calls: {} };
  return { value: { call: name }, calls: { [name]: examplesCall(data as (epoch: number) => AsyncIterable<unknown>) } };
}
