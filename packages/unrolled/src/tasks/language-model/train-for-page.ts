import { memoryStore } from "../../files/store.js";
import { madeOptimizer } from "../worker/made-optimizer.js";
import type { PortableOptimizer } from "../worker/optimizer.js";
import type { Page } from "../worker/page-calls.js";
import { pageStore } from "../worker/store.js";
import type { LanguageModelOptions } from "./options.js";
import { writeLanguageModel } from "./stored.js";
import { type Begin, type BegunParts, trainLanguageModel } from "./train.js";

/** The options, those that can be cloned. */
export interface PortableOptions
  extends Omit<LanguageModelOptions, "worker" | "signal" | "onProgress" | "onNotice" | "schedule" | "optimizer" | "checkpoints"> {
  readonly optimizer?: PortableOptimizer;
  /** The description of the page's store. */
  readonly checkpoints?: string;
}

/** Trains in a worker, for a page: the other end of `trainInWorker`. */
export async function trainForPage(text: string, options: PortableOptions, page: Page): Promise<Map<string, Uint8Array>> {
  const { optimizer, checkpoints, ...plain } = options;
  const made = optimizer && madeOptimizer(optimizer);
  let factors: Float64Array | undefined;
  const begin: Begin<BegunParts & { sample: () => string }> = async (parts, length) => {
    if (page.has("schedule")) factors = await page.ask("schedule", length);
    return { ...parts, sample: () => "" };
  };
  const { model, history } = await trainLanguageModel(
    text,
    {
      ...plain,
      signal: page.signal,
      ...(made && { optimizer: made }),
      ...(checkpoints !== undefined && { checkpoints: pageStore(page, checkpoints) }),
      ...(page.has("schedule") && { schedule: (step) => factors?.[step] ?? Number.NaN }),
      ...(page.has("onNotice") && { onNotice: (notice) => page.tell("onNotice", notice) }),
      ...(page.has("onProgress") && { onProgress: ({ model: _, ...progress }) => page.tell("onProgress", progress) }),
    },
    begin,
  );
  const files = new Map<string, Uint8Array>();
  await writeLanguageModel(memoryStore(files), { ...model, history });
  return files;
}
