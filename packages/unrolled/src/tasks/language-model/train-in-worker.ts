import { UnrolledError } from "../../errors.js";
import { asStore, memoryStore } from "../../files/store.js";
import { portable } from "../worker/optimizer.js";
import { runInWorker } from "../worker/page.js";
import { scheduleTable, type TrainingLength } from "../worker/schedule.js";
import { storeCalls } from "../worker/store.js";
import { type LanguageModelOptions, resolveOptions } from "./options.js";
import type { LanguageModelParts } from "./parts.js";
import type { LanguageModelProgress } from "./progress.js";
import type { Writer } from "./sampling.js";
import { readLanguageModel } from "./stored.js";
import type { PortableOptions } from "./train-for-page.js";

/** Trains in a worker: what `train` does here happens there, and the model comes back as its files. */
export async function trainInWorker(text: string, options: LanguageModelOptions): Promise<LanguageModelParts> {
  resolveOptions(options);
  const { worker: _, signal, onProgress, onNotice, schedule, optimizer, checkpoints, ...plain } = options;
  const store = checkpoints && asStore(checkpoints);
  const portableOptions: PortableOptions = {
    ...plain,
    ...(optimizer && { optimizer: portable(optimizer) }),
    ...(store && { checkpoints: store.description }),
  };
  const calls = {
    ...(onProgress && {
      onProgress: (progress: Omit<LanguageModelProgress, "model">) => onProgress({ ...progress, model: elsewhere }),
    }),
    ...(onNotice && { onNotice }),
    ...(schedule && { schedule: (length: TrainingLength) => scheduleTable(schedule, length) }),
    ...(store && storeCalls(store)),
  };
  const release = await store?.hold?.();
  try {
    const files = await runInWorker({ task: "language-model", data: text, options: portableOptions, calls, signal });
    return await readLanguageModel(memoryStore(files));
  } finally {
    await release?.();
  }
}

/** The model while it trains. */
const elsewhere: Writer = {
  sample() {
    throw new UnrolledError(
      "UNROLLED_VALUE",
      "LanguageModel.train: a model that trains in a worker can't be asked for a sample meanwhile; ask the one that `train` resolves to, " +
        "or leave `worker` out.",
    );
  },
};
