import { describe, expect, it } from "vitest";
import { gru, lstm } from "../layers/cells.js";
import { dense } from "../layers/dense.js";
import { embedding } from "../layers/embedding.js";
import type { Recurrent } from "../layers/recurrent.js";
import type { RecurrentOptions } from "../layers/recurrent-options.js";
import { type Sequential, sequential } from "../layers/sequential.js";
import { plain } from "../layers/testing/plain.js";
import type { Batch } from "./batch.js";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.js";
import { fit } from "./fit.js";
import { crossEntropy } from "./losses/cross-entropy.js";
import { sgd } from "./optimizers/sgd.js";

const x = [0, 1, 2, 3].map((sequence) => Array.from({ length: 6 }, (_step, t) => (3 * sequence + 2 * t) % 4));
const y = [0, 2, 1, 1];
/** Three stretches of the same sequences. */
const batches = [0, 2, 4].map((from): Batch => ({ x: x.map((steps) => steps.slice(from, from + 2)), y }));
const [first = { x, y }, second = first] = batches;
const options = () => ({ loss: crossEntropy(), optimizer: sgd({ learningRate: 0.5, momentum: 0.5 }) });

const around = (layer: Recurrent): Sequential =>
  sequential([embedding({ vocabularySize: 4, units: 3 }), layer, dense({ units: 3 })], { seed: 1 });
const network = (own: Partial<RecurrentOptions<"h" | "c">> = {}): Sequential => around(lstm({ units: 5, ...own }));

describe("a stateful layer in fit", () => {
  it("goes on from the batch before, and begins anew with each epoch", async () => {
    const [stateful, continued, anew] = [network({ stateful: true }), network(), network()];
    const marked = batches.map((batch, index) => ({ ...batch, continues: index > 0 }));
    await fit(stateful, batches, { ...options(), epochs: 2 });
    await fit(continued, marked, { ...options(), epochs: 2 });
    await fit(anew, batches, { ...options(), epochs: 2 });
    expect(plain(stateful.stateDict())).toEqual(plain(continued.stateDict()));
    expect(plain(stateful.stateDict())).not.toEqual(plain(anew.stateDict()));
  });

  it("keeps the states that it carries outside of training", async () => {
    const [trained, other] = [network({ stateful: true }), network({ stateful: true })];
    const statesAfter = (of: Sequential) => plain(of.applyWithState(x).state);
    expect(statesAfter(trained)).toEqual(statesAfter(other));
    await fit(trained, batches, options());
    other.loadStateDict(trained.stateDict());
    expect(statesAfter(trained)).toEqual(statesAfter(other));
  });

  it("refuses a batch of another number of sequences, telling both", async () => {
    const fewer = { x: x.slice(0, 2), y: y.slice(0, 2) };
    await expect(fit(network({ stateful: true }), [first, fewer], options())).rejects.toMatchObject({
      code: "UNROLLED_SHAPE",
      message: expect.stringMatching(/a layer is stateful.*4 sequences before, 2 now/),
    });
  });
});

it("a bidirectional layer refuses a batch that continues the one before, saying why", async () => {
  const both = around(gru({ units: 5, bidirectional: "sum" }));
  await expect(fit(both, [first, { ...second, continues: true }], options())).rejects.toMatchObject({
    code: "UNROLLED_VALUE",
    message:
      "batch: it continues the one before, but the gru is bidirectional, and its backward direction begins at the end " +
      "of what is still to come; leave `continues` out, or read forward only.",
  });
});

describe("a training that is resumed after any step gives the bits of one that was never interrupted", () => {
  it.each<[of: string, make: () => Sequential]>([
    ["a stateful layer", () => network({ stateful: true })],
    ["a bidirectional stack", () => network({ layers: 2, bidirectional: "concat" })],
    ["a projected layer", () => around(lstm({ units: 5, projectionSize: 2, stateful: true }))],
    [
      "every dropout",
      () =>
        network({
          layers: 2,
          bidirectional: "average",
          ...{ dropout: 0.2, inputDropout: 0.2, recurrentDropout: 0.2, weightDropout: 0.2, zoneout: 0.2 },
        }),
    ],
  ])("of %s", async (_of, make) => {
    const checkpoints: Checkpoint[] = [];
    const whole = make();
    await fit(whole, batches, {
      ...options(),
      epochs: 2,
      checkpointEvery: 1,
      onCheckpoint: (checkpoint) => {
        checkpoints.push(checkpoint);
      },
    });
    expect(checkpoints.length).toBe(6);
    for (const checkpoint of checkpoints.slice(0, -1)) {
      const resumed = make();
      const resumeFrom = readCheckpoint(writeCheckpoint(checkpoint), "checkpoint");
      await fit(resumed, batches, { ...options(), epochs: 2, resumeFrom });
      expect(plain(resumed.stateDict())).toEqual(plain(whole.stateDict()));
    }
  });
});
