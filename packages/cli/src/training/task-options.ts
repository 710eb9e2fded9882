import { givenOptions } from "../given-options.js";
import type { TrainOptions } from "./options.js";

/** Those options of the command line that every task has under the library's names: only what was given. */
export function sharedTaskOptions({
  cell,
  units,
  layers,
  epochs,
  batch,
  learningRate,
  clipNorm,
  checkpointEvery,
  resume,
}: TrainOptions) {
  return {
    ...givenOptions({ cell, units, layers, epochs, batchSize: batch, learningRate, clipNorm }),
    checkpointEvery,
    resume: resume === true,
  };
}
