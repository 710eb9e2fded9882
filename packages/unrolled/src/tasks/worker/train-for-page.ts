import { PieceTokenizer } from "../../data/text/pieces/piece-tokenizer.js";
import { type ModelStore, memoryStore } from "../../files/store.js";
import type { GivenPieces } from "../given-pieces.js";
import type { TrainingHooks } from "../train-network.js";
import type { TrainingOptions } from "../training-options.js";
import { isOfPage, pageExamples } from "./data.js";
import { madeOptimizer } from "./made-optimizer.js";
import type { Page } from "./page-calls.js";
import { pageStore } from "./store.js";
import type { PortableOptions } from "./train-in-worker.js";

/** Trains, and writes the model that comes of it. */
export type TrainAndSave = (data: never, options: never, store: ModelStore, hooks: TrainingHooks) => Promise<void>;

/** Trains in a worker, for a page: the other end of `trainInWorker`. */
export async function trainForPage(
  train: TrainAndSave,
  data: unknown,
  options: PortableOptions,
  page: Page,
): Promise<Map<string, Uint8Array>> {
  const { optimizer, tokenizer, checkpoints, validation, ...plain } = options;
  const made = optimizer && madeOptimizer(optimizer);
  const here = (given: unknown) => (isOfPage(given) ? pageExamples(page, given) : given) as never;
  let factors: Float64Array | undefined;
  const files = new Map<string, Uint8Array>();
  const resolved: TrainingOptions<unknown, { readonly model?: unknown }> & GivenPieces = {
    ...plain,
    signal: page.signal,
    ...(validation === undefined ? {} : { validation: here(validation) }),
    ...(made && { optimizer: made }),
    ...(tokenizer && { tokenizer: new PieceTokenizer(tokenizer) }),
    ...(checkpoints !== undefined && { checkpoints: pageStore(page, checkpoints) }),
    ...(page.has("schedule") && { schedule: (step: number) => factors?.[step] ?? Number.NaN }),
    ...(page.has("onNotice") && { onNotice: (notice: string) => page.tell("onNotice", notice) }),
    // a model can't be cloned
    ...(page.has("onProgress") && { onProgress: ({ model: _, ...progress }) => page.tell("onProgress", progress) }),
  };
  await train(here(data), resolved as never, memoryStore(files), {
    async begun(length) {
      if (page.has("schedule")) factors = await page.ask("schedule", length);
    },
  });
  return files;
}
