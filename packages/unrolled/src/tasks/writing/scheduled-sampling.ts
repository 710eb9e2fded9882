import { withScope } from "../../autograd/scope.js";
import { type Data, examplesOf } from "../../data/data.js";
import type { Network } from "../../layers/network.js";
import { RandomStream, type Seed } from "../../tensor/random.js";
import { Tensor } from "../../tensor/tensor.js";
import type { Batch } from "../../training/batch.js";

interface ScheduledSampling {
  /** Probability in the last epoch that a token is the network's own; it rises evenly from 0 in the first. */
  readonly scheduledSampling: number;
  readonly epochs?: number;
  readonly steps?: number;
  readonly seed: Seed;
}

/**
 * Batches in which the decoder reads, now and then, what it would have written itself instead of the target (scheduled sampling, Bengio et al. 2015).
 * What it would write is found for all steps at once, from the true tokens before (parallel scheduled sampling with one pass, Duckworth et al. 2019).
 */
export function withOwnTokens(
  data: Data<Batch>,
  network: Network,
  { scheduledSampling: rate, epochs: given, steps = 1, seed }: ScheduledSampling,
  batchesInEpoch: number,
): Data<Batch> {
  if (rate === 0) return data;
  const epochs = given ?? Math.ceil(steps / batchesInEpoch);
  return async function* (epoch) {
    const own = (rate * Math.min(epoch - 1, epochs - 1)) / Math.max(1, epochs - 1);
    const random = new RandomStream(seed, "sampling", epoch);
    for await (const batch of examplesOf(data, epoch)) yield own > 0 ? mixed(network, batch, own, random) : batch;
  };
}

function mixed(network: Network, batch: Batch, rate: number, random: RandomStream): Batch {
  const { data, shape } = batch.x as Tensor;
  const [sequences, time] = shape as [number, number];
  const written = writtenTokens(network, batch, sequences, time);
  const x = Int32Array.from(data, (token, place) => {
    const isFirst = place % time === 0;
    return !isFirst && random.uniform() < rate ? (written[place - 1] as number) : token;
  });
  return { ...batch, x: Tensor.owning(x, shape) };
}

/** The likeliest token behind each step, `[batch, time]`. */
function writtenTokens(network: Network, { x, lengths, source }: Batch, sequences: number, time: number): Int32Array {
  return withScope(network.engine, {}, (scope) => {
    const passage = { training: false, ...(source ? { source } : {}) };
    const { rows, plan } = network.run(scope, x as Tensor, lengths, passage);
    const values = network.engine.read(rows.address, rows.size);
    const symbols = rows.shape[1] as number;
    const tokens = new Int32Array(sequences * time);
    for (const [row, place] of (plan?.source ?? []).entries()) {
      tokens[place] = placeOfHighest(values, row * symbols, symbols);
    }
    return tokens;
  });
}

function placeOfHighest(values: ArrayLike<number>, first: number, length: number): number {
  let best = 0;
  for (let place = 1; place < length; place++) {
    if ((values[first + place] as number) > (values[first + best] as number)) best = place;
  }
  return best;
}
