import type { Data } from "../data/data.js";
import { checkNetwork, type Network } from "../layers/network.js";
import type { Batch } from "./batch.js";
import { checkFitOptions, type FitOptions } from "./fit-options.js";
import type { TrainingHistory } from "./history.js";
import { Training } from "./training.js";

export type { FitOptions } from "./fit-options.js";

/**
 * Trains a network. Each step: the loss of a batch (or of several), its gradients, clipping, the optimizer. Where a batch continues the one
 * before, states are carried over and gradients end at its beginning (truncated backpropagation through time). Gives way to other work of
 * the page or server about 25 times a second.
 *
 * @throws {UnrolledError} `UNROLLED_NOT_FINITE` where the loss is NaN or infinite, before any weight is changed by it, and where ten
 * gradients in a row are; `UNROLLED_DATA` where the data is empty; `UNROLLED_VALUE` for an option that is missing, unknown, out of range or
 * excludes another one; `UNROLLED_SHAPE`, `UNROLLED_INDEX`, `UNROLLED_DTYPE` or `UNROLLED_VALUE` where a batch doesn't fit the network;
 * `UNROLLED_STATE_DICT` or `UNROLLED_VALUE` where a checkpoint doesn't.
 */
export async function fit(network: Network, data: Data<Batch>, options: FitOptions): Promise<TrainingHistory> {
  checkNetwork("fit", network);
  return await new Training(network, data, checkFitOptions(options)).run();
}
