import { gru, lstm, rnn } from "../../layers/cells.js";
import { dense } from "../../layers/dense.js";
import { embedding } from "../../layers/embedding.js";
import { type Sequential, sequential } from "../../layers/sequential.js";
import { tensor } from "../../tensor/create.js";
import { RandomStream, type Seed } from "../../tensor/random.js";
import type { Batch } from "../batch.js";

const makers = { rnn, lstm, gru };

interface RecallOptions {
  readonly cell?: keyof typeof makers;
  readonly units?: number;
  readonly layers?: number;
  readonly dropout?: number;
  readonly seed?: Seed;
}

/** A network that reads indices below 4 and gives logits of 4 classes after the last. */
export function recallNetwork({ cell = "gru", units = 16, layers = 1, dropout = 0, seed = 1 }: RecallOptions = {}): Sequential {
  const recurrent = makers[cell]({ units, layers, dropout });
  return sequential([embedding({ vocabularySize: 4, units: 4 }), recurrent, dense({ units: 4 })], { seed });
}

/** Batches of 16 random sequences of 6 indices, whose class is the first of them: the network has to remember. */
export function recallBatches(count: number, seed: Seed): Batch[] {
  const random = new RandomStream(seed, "validation");
  return Array.from({ length: count }, () => {
    const x = Int32Array.from({ length: 16 * 6 }, () => random.integer(4));
    const y = Int32Array.from({ length: 16 }, (_, sequence) => x[6 * sequence] ?? 0);
    return { x: tensor(x, [16, 6]), y: tensor(y) };
  });
}
