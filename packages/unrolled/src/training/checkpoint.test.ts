import { describe, expect, it } from "vitest";
import { withEngine } from "../engine/current.js";
import { referenceEngine } from "../engine/reference-engine.js";
import { engines } from "../engine/testing/engines.js";
import { readSafetensors } from "../files/safetensors/read.js";
import { writeSafetensors } from "../files/safetensors/write.js";
import { gru } from "../layers/cells.js";
import { dense } from "../layers/dense.js";
import { dropout } from "../layers/dropout.js";
import { embedding } from "../layers/embedding.js";
import { type Sequential, sequential } from "../layers/sequential.js";
import { plain } from "../layers/testing/plain.js";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.js";
import { type FitOptions, fit } from "./fit.js";
import { crossEntropy } from "./losses/cross-entropy.js";
import { adam } from "./optimizers/adam.js";
import { sgd } from "./optimizers/sgd.js";

const network = (units = 6): Sequential =>
  sequential(
    [
      embedding({ vocabularySize: 4, units: 3 }),
      gru({ units, layers: 2, dropout: 0.2, returnSequences: true }),
      dropout(0.2),
      dense({ units: 4 }),
    ],
    { seed: 1 },
  );
const batches = [0, 1, 2, 3, 4].map((batch) => ({
  x: [
    [batch % 4, 1, 2],
    [3, batch % 3, 0],
  ],
  y: [
    [1, 2, batch % 4],
    [batch % 3, 0, 1],
  ],
  continues: batch % 3 > 0,
}));
const validation = [{ x: [[0, 1, 2, 3]], y: [[1, 2, 3, 0]] }];
const options = (): FitOptions => ({ loss: crossEntropy(), optimizer: adam({ learningRate: 0.05 }), epochs: 3, validation });

/** Checkpoints of a whole training after every step, its end, and what it told on the way. */
async function unbroken(of: Sequential) {
  const checkpoints: Checkpoint[] = [];
  const losses: number[] = [];
  const history = await fit(of, batches, {
    ...options(),
    checkpointEvery: 1,
    onCheckpoint: (checkpoint) => {
      checkpoints.push(checkpoint);
    },
    onProgress: ({ meanLoss }) => losses.push(meanLoss),
  });
  return { checkpoints, losses, history, weights: plain(of.stateDict()) };
}

describe.each(engines)("a training on the $name engine", ({ create }) => {
  it("that is resumed after any step gives the very bits of the one that was never interrupted", async () => {
    const engine = create();
    const whole = await unbroken(withEngine(engine, network));
    for (const [index, checkpoint] of whole.checkpoints.slice(0, -1).entries()) {
      const resumed = withEngine(engine, network);
      const resumeFrom = readCheckpoint(writeCheckpoint(checkpoint), "checkpoint");
      const losses: number[] = [];
      const history = await fit(resumed, batches, {
        ...options(),
        resumeFrom,
        onProgress: ({ meanLoss }) => losses.push(meanLoss),
      });
      expect(losses).toEqual(whole.losses.slice(index + 1));
      expect(plain(resumed.stateDict())).toEqual(whole.weights);
      const untimed = ({ epochs, steps }: typeof history) => [steps, epochs.map((record) => ({ ...record, seconds: 0 }))];
      expect(untimed(history)).toEqual(untimed(whole.history));
    }
  });
});

describe("onCheckpoint", () => {
  it("is called every checkpointEvery steps and at the end, and training waits for it", async () => {
    const steps: number[] = [];
    let writing = false;
    await fit(network(), batches, {
      ...options(),
      epochs: 1,
      checkpointEvery: 2,
      async onCheckpoint({ position }) {
        expect(writing).toBe(false);
        writing = true;
        await new Promise((resolve) => setImmediate(resolve));
        steps.push(position.step);
        writing = false;
      },
      onProgress: () => expect(writing).toBe(false),
    });
    expect(steps).toEqual([2, 4, 5]);
  });

  it("is called when a signal ends training, and not where no step was taken", async () => {
    const controller = new AbortController();
    const steps: number[] = [];
    const onCheckpoint = ({ position }: Checkpoint) => {
      steps.push(position.step);
    };
    await fit(network(), batches, {
      ...options(),
      onCheckpoint,
      signal: controller.signal,
      onProgress: ({ step }) => (step === 3 ? controller.abort() : undefined),
    });
    expect(steps).toEqual([3]);
    await fit(network(), batches, { ...options(), onCheckpoint, signal: controller.signal });
    expect(steps).toEqual([3]);
  });
});

describe("a checkpoint", () => {
  const checkpoint = async (of = network()) => {
    const { checkpoints } = await unbroken(of);
    return checkpoints[6] as Checkpoint;
  };

  it("is the same after it was written and read, with what it says it belongs to", async () => {
    const written = await checkpoint();
    const { about, ...read } = readCheckpoint(writeCheckpoint(written, { text: "whale" }), "checkpoint");
    expect(about).toEqual({ text: "whale" });
    expect(plain(read.tensors)).toEqual(plain(written.tensors));
    expect(read.position).toEqual(written.position);
    expect(read.position).toMatchObject({ epoch: 2, batch: 2, step: 7, optimizer: "adam", sequences: 2 });
  });

  it("is refused where any bit of its numbers was flipped", async () => {
    const bytes = writeCheckpoint(await checkpoint());
    for (const fromEnd of [1, 100, 500]) {
      const damaged = bytes.slice();
      damaged[damaged.length - fromEnd] = (damaged[damaged.length - fromEnd] ?? 0) ^ 1;
      expect(() => readCheckpoint(damaged, "models/whale/checkpoint-0.safetensors")).toThrow(
        expect.objectContaining({
          code: "UNROLLED_FILE",
          message:
            "models/whale/checkpoint-0.safetensors: the checksum doesn't match, the file was damaged after it was written.",
        }),
      );
    }
  });

  it("is refused where it is cut off anywhere", async () => {
    const bytes = writeCheckpoint(await checkpoint());
    for (const length of [0, 7, 100, 1000, bytes.length - 1]) {
      expect(() => readCheckpoint(bytes.slice(0, length), "checkpoint")).toThrow(
        expect.objectContaining({ code: "UNROLLED_FILE", message: expect.stringMatching(/^checkpoint: /) }),
      );
    }
  });

  it("is refused where it has a newer format, or is weights alone", async () => {
    const { tensors, metadata } = readSafetensors(writeCheckpoint(await checkpoint()), "checkpoint");
    const newer = writeSafetensors(tensors, new Map(metadata).set("format", "2"));
    expect(() => readCheckpoint(newer, "checkpoint")).toThrow(
      "checkpoint: the checkpoint has format 2, this version reads 1; update unrolled.",
    );
    expect(() => readCheckpoint(writeSafetensors(tensors), "checkpoint")).toThrow(
      "checkpoint: this is no checkpoint, it has no training position.",
    );
  });

  it("is refused by another network, optimizer and build, and nothing of the network changes", async () => {
    const resumeFrom = await checkpoint();
    const larger = network(7);
    const before = plain(larger.stateDict());
    await expect(fit(larger, batches, { ...options(), resumeFrom })).rejects.toMatchObject({
      code: "UNROLLED_STATE_DICT",
      message: expect.stringMatching(
        /^checkpoint: it doesn't fit this network: weight\.1\.weight_ih_l0 must be \[21, 3\], received \[18, 3\]; optimizer\.1\.mean must be .*; state\.0\.h must be \[2, 2, 7\], received \[2, 2, 6\]\.$/,
      ),
    });
    expect(plain(larger.stateDict())).toEqual(before);
    await expect(fit(network(), batches, { ...options(), optimizer: sgd(), resumeFrom })).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: "checkpoint: it was trained with adam, this run has sgd; use adam, or start anew.",
    });
    const other = withEngine(referenceEngine(), () => network());
    const build = resumeFrom.position.engine;
    await expect(fit(other, batches, { ...options(), resumeFrom })).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message:
        `checkpoint: it was computed by the ${build} build, this network by reference, which rounds differently; ` +
        `set UNROLLED_SIMD=${build}, or start anew.`,
    });
  });

  it("of a finished training trains no more, unless more epochs are asked for", async () => {
    const { checkpoints, weights } = await unbroken(network());
    const resumeFrom = checkpoints.at(-1) as Checkpoint;
    const done = network();
    expect((await fit(done, batches, { ...options(), resumeFrom })).steps).toBe(15);
    expect(plain(done.stateDict())).toEqual(weights);
    const further = network();
    expect((await fit(further, batches, { ...options(), epochs: 4, resumeFrom })).steps).toBe(20);
    const whole = network();
    await fit(whole, batches, { ...options(), epochs: 4 });
    expect(plain(further.stateDict())).toEqual(plain(whole.stateDict()));
  });
});
