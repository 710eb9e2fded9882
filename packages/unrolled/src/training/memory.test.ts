import { describe, expect, it } from "vitest";
import { valueAndGradients } from "../autograd/gradients.js";
import { softmaxCrossEntropy } from "../autograd/ops/cross-entropy.js";
import { withEngine } from "../engine/current.js";
import type { Engine } from "../engine/engine.js";
import { wasmEngines } from "../engine/testing/engines.js";
import { lstm } from "../layers/cells.js";
import { dense } from "../layers/dense.js";
import { dropout } from "../layers/dropout.js";
import { embedding } from "../layers/embedding.js";
import { type Sequential, sequential } from "../layers/sequential.js";
import { randomTensor } from "../layers/testing/random-tensor.js";
import { tensor } from "../tensor/create.js";
import type { Batch } from "./batch.js";
import { fit } from "./fit.js";
import type { FitOptions } from "./fit-options.js";
import { crossEntropy } from "./losses/cross-entropy.js";
import { accuracy } from "./metrics/accuracy.js";
import { adam } from "./optimizers/adam.js";
import { type MemoryInUse, memoryInUse } from "./testing/memory-in-use.js";

const STEPS = 10_000;
const WARM_UP = 100;
/** V8 compiles the loop while it runs: its heap is compared from here on. */
const COMPILED = 2_000;
const MEASURED = [WARM_UP, COMPILED, STEPS];
/** 60 bytes a step, for what V8 compiles still. A tensor that a step left behind would take more than 100. */
const HEAP_TOLERANCE = 60 * (STEPS - COMPILED);

const batch = { x: tensor(Int32Array.of(0, 1, 2, 3), [2, 2]), y: tensor(Int32Array.of(1, 2, 3, 0), [2, 2]) };

function tinyNetwork(): Sequential {
  const recurrent = lstm({ units: 2, returnSequences: true });
  return sequential([embedding({ vocabularySize: 4, units: 2 }), recurrent, dropout(0.1), dense({ units: 4 })], { seed: 1 });
}

// The fastest engine that this host has.
describe.each(wasmEngines.slice(-1))(
  "on the $name engine, memory is after 10,000 steps where it was after 100, the heap where it was after 2,000",
  ({ create }) => {
    it("of a loop of one's own with valueAndGradients, without await", () => {
      const engine = create();
      const network = withEngine(engine, tinyNetwork);
      const optimizer = adam();
      expectNoGrowth(engine, () => {
        const { gradients } = valueAndGradients(network.parameters, () => softmaxCrossEntropy(network.apply(batch.x), batch.y));
        optimizer.update(network.parameters, gradients);
      });
    });

    it("of a layer's apply, without await", () => {
      const engine = create();
      const layer = lstm({ inputSize: 3, units: 2, seed: 1 });
      const x = randomTensor([2, 3, 3], 1);
      let { state } = withEngine(engine, () => layer.apply(x));
      expectNoGrowth(engine, () => {
        state = layer.apply(x, { initialState: state }).state;
      });
    });

    it("of a stream, without await", () => {
      const engine = create();
      const stream = withEngine(engine, tinyNetwork).stream();
      expectNoGrowth(engine, (step) => stream.step(step % 4));
    });

    it.each<[what: string, options: () => Partial<FitOptions>]>([
      ["fit", () => ({})],
      [
        "fit with several batches a step, averaged weights, a schedule, metrics and mask",
        () => ({ accumulate: 2, averageWeights: 0.9, schedule: (step) => 1 / (1 + step), metrics: [accuracy()], clipValue: 1 }),
      ],
    ])("of %s", async (_what, options) => {
      const engine = create();
      const network = withEngine(engine, tinyNetwork);
      const given = options();
      const perStep = given.accumulate ?? 1;
      const masked =
        perStep > 1
          ? {
              ...batch,
              mask: [
                [1, 0],
                [1, 1],
              ],
            }
          : batch;
      async function* batches(): AsyncGenerator<Batch> {
        for (let step = 0; step < perStep * STEPS; step++) yield await Promise.resolve({ ...masked, continues: step % 10 > 0 });
      }
      const measured: MemoryInUse[] = [];
      await fit(network, batches, {
        loss: crossEntropy(),
        optimizer: adam(),
        ...(given.clipValue ? {} : { clipNorm: 1 }),
        ...given,
        onProgress({ step }) {
          if (MEASURED.includes(step)) measured.push(memoryInUse(engine));
        },
      });
      expectSame(measured);
    });

    it("of fit and of batches of ever other sizes: what the largest takes, without garbage collection", async () => {
      const engine = create();
      const network = withEngine(engine, tinyNetwork);
      async function* batches(): AsyncGenerator<Batch> {
        for (let step = 0; step < 200; step++) {
          const rows = [16 - (step % 16), 2];
          yield await Promise.resolve({
            x: tensor(new Int32Array(32 - 2 * (step % 16)), rows),
            y: tensor(new Int32Array(32 - 2 * (step % 16)), rows),
          });
        }
      }
      const handedOut: number[] = [];
      await fit(network, batches, {
        loss: crossEntropy(),
        optimizer: adam(),
        onProgress: () => handedOut.push(engine.allocator.used),
      });
      expect(handedOut.at(-1)).toBe(handedOut[0]);
    });
  },
);

function expectNoGrowth(engine: Engine, step: (number: number) => unknown): void {
  const measured: MemoryInUse[] = [];
  for (let number = 1; number <= STEPS; number++) {
    step(number);
    if (MEASURED.includes(number)) measured.push(memoryInUse(engine));
  }
  expectSame(measured);
}

function expectSame([early, compiled, late]: readonly MemoryInUse[]): void {
  expect(early?.handedOut).toBeGreaterThan(0);
  expect(late?.engineBytes).toBe(early?.engineBytes);
  expect(late?.handedOut).toBe(early?.handedOut);
  expect((late?.heapBytes ?? Number.NaN) - (compiled?.heapBytes ?? 0)).toBeLessThan(HEAP_TOLERANCE);
}
