import { inBatches } from "../../data/batching.js";
import type { Data } from "../../data/data.js";
import { orderStream, shuffledIndices } from "../../data/shuffling.js";
import type { Seed } from "../../tensor/random.js";
import type { Batch } from "../../training/batch.js";
import type { WindowCutter, Windows } from "./windows.js";

/** Windows in batches, each cut when it is asked for: in order, or with a seed in another random one each epoch. */
export function windowBatches(cutter: WindowCutter, windows: Windows, batchSize: number, seed?: Seed): Data<Batch> {
  // biome-ignore lint/suspicious/useAwait: nothing is waited for, but data that is a function is read as if
  return async function* (epoch) {
    const inOrder = () => Int32Array.from({ length: windows.length }, (_, index) => index);
    const order = seed === undefined ? inOrder() : shuffledIndices(windows.length, orderStream(seed, epoch));
    for (const batch of inBatches(order, batchSize)) yield cutter.batch(Array.from(batch, (index) => windows.at(index)));
  };
}
