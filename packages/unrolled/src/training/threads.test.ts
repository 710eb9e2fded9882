import { describe, expect, it } from "vitest";
import { withEngine } from "../engine/current.js";
import type { Engine } from "../engine/engine.js";
import { threadedEngine } from "../engine/testing/threaded-engine.js";
import { wasmEngine } from "../engine/wasm-engine.js";
import { dense, gru, lstm, type Recurrent, rnn, sequential } from "../layers/index.js";
import { tensor } from "../tensor/create.js";
import { fit } from "./fit.js";
import { crossEntropy } from "./losses/cross-entropy.js";
import { adam } from "./optimizers/adam.js";

const LENGTHS = [5, 1, 3, 5, 2, 4, 1];
const [TIME, INPUTS, CLASSES, STEPS] = [5, 3, 4, 3];

interface Case {
  readonly layer: (options: { inputSize: number; units: number; seed: number; returnSequences: boolean }) => Recurrent;
  readonly batch: number;
  readonly lengths: boolean;
}

/** Losses, gradient norms and final weights of a short training. */
async function trained(engine: Engine, { layer, batch, lengths }: Case): Promise<readonly number[]> {
  const network = withEngine(engine, () =>
    sequential([layer({ inputSize: INPUTS, units: 9, seed: 3, returnSequences: true }), dense({ units: CLASSES })], { seed: 3 }),
  );
  const batches = Array.from({ length: STEPS }, (_, step) => ({
    x: tensor(
      Float32Array.from({ length: batch * TIME * INPUTS }, (_value, i) => Math.sin(step + 1.7 * i)),
      [batch, TIME, INPUTS],
    ),
    y: tensor(
      Int32Array.from({ length: batch * TIME }, (_value, i) => (i + step) % CLASSES),
      [batch, TIME],
    ),
    ...(lengths ? { lengths: LENGTHS.slice(0, batch) } : {}),
  }));
  const seen: number[] = [];
  await fit(network, batches, {
    loss: crossEntropy(),
    optimizer: adam({ learningRate: 0.01 }),
    clipNorm: 0.5,
    onProgress: ({ loss, gradientNorm }) => void seen.push(loss, gradientNorm),
  });
  for (const parameter of network.parameters) seen.push(...parameter.read().data);
  return seen;
}

const kinds: Record<string, Case["layer"]> = {
  "RNN, both directions": (options) => rnn({ ...options, bidirectional: "concat" }),
  LSTM: (options) => lstm(options),
  "LSTM of two layers, both directions, with every dropout and zoneout": (options) =>
    lstm({
      ...options,
      ...{ layers: 2, bidirectional: "sum", dropout: 0.3, inputDropout: 0.2, recurrentDropout: 0.3, weightDropout: 0.2 },
      zoneout: { h: 0.1, c: 0.2 },
    }),
  "LSTM with layer normalisation, peepholes, projection and a clipped cell": (options) =>
    lstm({ ...options, layerNormalization: true, peepholes: true, projectionSize: 5, cellClip: 0.5 }),
  GRU: (options) => gru(options),
  "GRU, both directions, recurrent dropout": (options) => gru({ ...options, bidirectional: "average", recurrentDropout: 0.3 }),
  "GRU, reset before": (options) => gru({ ...options, resetAfter: false }),
};

describe("training by several threads", async () => {
  const one = wasmEngine("baseline");
  const counts = [2, 3, 4, 8];
  const many = await Promise.all(counts.map((threads) => threadedEngine("baseline", threads)));

  it.each(Object.keys(kinds))(
    "has the bits of one thread with 2, 3, 4 and 8, batch 1 to 7: %s",
    { timeout: 120_000 },
    async (kind) => {
      const layer = kinds[kind] as Case["layer"];
      for (const [index] of LENGTHS.entries()) {
        for (const lengths of index % 3 === 0 ? [false, true] : [true]) {
          const each = { layer, batch: index + 1, lengths };
          const expected = await trained(one, each);
          expect(expected.every(Number.isFinite)).toBe(true);
          for (const [place, engine] of many.entries()) {
            expect(await trained(engine, each), `${counts[place]} threads, batch ${each.batch}, lengths ${lengths}`).toEqual(
              expected,
            );
          }
        }
      }
    },
  );
});
