import { describe, expect, it } from "vitest";
import { withEngine } from "../engine/current.js";
import { referenceEngine } from "../engine/reference-engine.js";
import { engines, wasmEngines } from "../engine/testing/engines.js";
import { readSafetensors } from "../files/safetensors/read.js";
import { writeSafetensors } from "../files/safetensors/write.js";
import { gru } from "../layers/cells.js";
import { dense } from "../layers/dense.js";
import { dropout } from "../layers/dropout.js";
import { embedding } from "../layers/embedding.js";
import { type Sequential, sequential } from "../layers/sequential.js";
import { plain } from "../layers/testing/plain.js";
import type { Batch } from "./batch.js";
import { type Checkpoint, readCheckpoint, writeCheckpoint } from "./checkpoint.js";
import { fit } from "./fit.js";
import type { FitOptions } from "./fit-options.js";
import type { TrainingHistory, TrainingProgress } from "./history.js";
import { crossEntropy } from "./losses/cross-entropy.js";
import { accuracy } from "./metrics/accuracy.js";
import { perplexity } from "./metrics/perplexity.js";
import { adagrad } from "./optimizers/adagrad.js";
import { adam } from "./optimizers/adam.js";
import { adamw } from "./optimizers/adamw.js";
import { rmsprop } from "./optimizers/rmsprop.js";
import { sgd } from "./optimizers/sgd.js";
import { cosineDecay } from "./schedules/cosine-decay.js";
import { warmup } from "./schedules/warmup.js";

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

/** Weights for half of the steps. */
const weighed = batches.map((batch, index) => ({
  ...batch,
  mask: [
    [1, index % 2, 1],
    [0, 1, 1],
  ],
  sampleWeights: [1, 0.5 + index],
}));
/** Every feature that has something to remember. */
const variants: { name: string; data: readonly Batch[]; make: () => Partial<FitOptions> }[] = [
  { name: "Adam, nothing else", data: batches, make: () => ({}) },
  {
    name: "RMSprop, a schedule, clipping by value, averaged weights, metrics",
    data: weighed,
    make: () => ({
      optimizer: rmsprop({ learningRate: 0.02, momentum: 0.5 }),
      schedule: warmup({ steps: 2, next: cosineDecay({ steps: 10 }) }),
      clipValue: 0.1,
      averageWeights: 0.8,
      metrics: [accuracy(), perplexity()],
    }),
  },
  {
    name: "AdamW, several batches a step, averaged weights, plateaus, early stopping that doesn't stop",
    data: batches,
    make: () => ({
      optimizer: adamw({ learningRate: 0.1 }),
      accumulate: 2,
      clipParameterNorm: 0.5,
      averageWeights: 0.5,
      metrics: [accuracy()],
      validateEvery: 1,
      reduceOnPlateau: { patience: 1, factor: 0.5, metric: "accuracy" },
      earlyStopping: { patience: 50 },
    }),
  },
  {
    name: "SGD with Nesterov momentum, early stopping that stops",
    data: weighed,
    make: () => ({
      optimizer: sgd({ learningRate: 2, momentum: 0.9, nesterov: true }),
      clipNorm: 1,
      validateEvery: 1,
      epochs: 10,
      earlyStopping: { patience: 4 },
    }),
  },
  { name: "an end by steps, at the end of an epoch", data: batches, make: () => ({ steps: 10 }) },
  {
    name: "an end by steps, within an epoch",
    data: batches,
    make: () => ({ steps: 8, metrics: [accuracy()], earlyStopping: { patience: 5 } }),
  },
  { name: "Adagrad", data: batches, make: () => ({ optimizer: adagrad({ learningRate: 0.1 }) }) },
];

/** Checkpoints of a whole training after every step, its end, and what it told on the way. */
async function unbroken(of: Sequential, data: readonly Batch[] = batches, given: Partial<FitOptions> = {}) {
  const checkpoints: Checkpoint[] = [];
  const progress: unknown[] = [];
  const history = await fit(of, data, {
    ...options(),
    ...given,
    checkpointEvery: 1,
    onCheckpoint: (checkpoint) => {
      checkpoints.push(checkpoint);
    },
    onProgress: (told) => progress.push(untimed(told)),
  });
  return { checkpoints, progress, history: untimedHistory(history), weights: plain(of.stateDict()) };
}

const untimed = (told: TrainingProgress) => ({ ...told, seconds: 0, secondsLeft: 0 });
const untimedHistory = (history: TrainingHistory) => ({
  ...history,
  seconds: 0,
  epochs: history.epochs.map((record) => ({ ...record, seconds: 0 })),
});

describe.each(engines)("a training on the $name engine", ({ create }) => {
  it.each(variants)(
    "that is resumed after any step gives the very bits of the one that was never interrupted: $name",
    async ({ data, make }) => {
      const engine = create();
      const whole = await unbroken(withEngine(engine, network), data, make());
      expect(whole.checkpoints.length).toBeGreaterThan(6);
      for (const [index, checkpoint] of whole.checkpoints.entries()) {
        const resumed = withEngine(engine, network);
        const resumeFrom = readCheckpoint(writeCheckpoint(checkpoint), "checkpoint");
        const progress: unknown[] = [];
        const history = await fit(resumed, data, {
          ...options(),
          ...make(),
          resumeFrom,
          onProgress: (told) => progress.push(untimed(told)),
        });
        expect(progress).toEqual(whole.progress.slice(index + 1));
        expect(plain(resumed.stateDict())).toEqual(whole.weights);
        expect(untimedHistory(history)).toEqual(whole.history);
      }
    },
  );

  it("does what those variants are for", async () => {
    const engine = create();
    const [, , patient, impatient] = await Promise.all(
      variants.map(({ data, make }) => unbroken(withEngine(engine, network), data, make())),
    );
    const rates = patient?.progress.map((told) => (told as TrainingProgress).learningRate) ?? [];
    expect(Math.min(...rates)).toBeLessThan(0.1);
    expect(patient?.history).toMatchObject({ steps: 9, stoppedEarly: false });
    expect(impatient?.history).toMatchObject({ stoppedEarly: true });
  });
});

describe("a training on the relaxed and the wide engine", () => {
  it("has the same bits at every step, and may be resumed on the other one", async () => {
    const [relaxed, wide] = (["relaxed", "wide"] as const).map((name) => {
      const build = wasmEngines.find((candidate) => candidate.name === name);
      if (!build) throw new Error(`this host has no ${name} build`);
      return build;
    }) as [(typeof wasmEngines)[0], (typeof wasmEngines)[0]];
    const networkOn = ({ create }: typeof relaxed) => withEngine(create(), () => network(21));
    const whole = await unbroken(networkOn(relaxed));
    expect(await unbroken(networkOn(wide))).toMatchObject({ progress: whole.progress, weights: whole.weights });
    const resumeFrom = whole.checkpoints[6] as Checkpoint;
    const resumed = networkOn(wide);
    const { checkpoints } = await unbroken(resumed, batches, { resumeFrom });
    expect(plain(resumed.stateDict())).toEqual(whole.weights);
    const back = networkOn(relaxed);
    await fit(back, batches, { ...options(), resumeFrom: checkpoints[1] as Checkpoint });
    expect(plain(back.stateDict())).toEqual(whole.weights);
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

  it("keeps a metric that is no number, and leaves out a measured loss that is none", async () => {
    const { position, tensors } = await checkpoint();
    const odd = { ...position, metricSums: [Number.NaN, 0.1], validationLoss: Number.POSITIVE_INFINITY };
    const read = readCheckpoint(writeCheckpoint({ position: odd, tensors }), "checkpoint");
    expect(read.position).toEqual({ ...odd, validationLoss: undefined });
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
        /^checkpoint: it doesn't fit this network: weight\.1\.weight_ih_l0 must be \[21, 3\], received \[18, 3\]; .*; optimizer\.1\.mean must be .*; state\.0\.h must be \[2, 2, 7\], received \[2, 2, 6\]\.$/,
      ),
    });
    expect(plain(larger.stateDict())).toEqual(before);
    await expect(fit(network(), batches, { ...options(), metrics: [accuracy()], resumeFrom })).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: "checkpoint: its metrics are none, those of this run accuracy; measure the same, or start anew.",
    });
    await expect(fit(network(), batches, { ...options(), averageWeights: 0.9, resumeFrom })).rejects.toMatchObject({
      code: "UNROLLED_STATE_DICT",
      message: expect.stringMatching(/average\.0\.weight must be \[4, 3\], but it is missing/),
    });
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
