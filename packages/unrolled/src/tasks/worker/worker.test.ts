import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { trainPieces } from "../../data/text/pieces/train-pieces.js";
import { configure, engineInfo } from "../../engine/current.js";
import { memoryStore } from "../../files/store.js";
import { folder } from "../../node/folder.js";
import { adamw } from "../../training/optimizers/adamw.js";
import { sgd } from "../../training/optimizers/sgd.js";
import { cosineDecay } from "../../training/schedules/cosine-decay.js";
import type { Classifier } from "../classifier/classifier.js";
import { filmTalk } from "../classifier/testing/film-talk.js";
import { trainFilmTalk } from "../classifier/testing/trained-classifier.js";
import { Forecaster } from "../forecaster/forecaster.js";
import { bitsOf as bitsOfForecaster, quick, waveRows } from "../forecaster/testing/waves.js";
import type { LanguageModel } from "../language-model/language-model.js";
import type { LanguageModelProgress } from "../language-model/progress.js";
import { trainSmall } from "../language-model/testing/trained-model.js";
import { Tagger } from "../tagger/tagger.js";
import { sentences } from "../tagger/testing/sentences.js";

const place = mkdtempSync(join(tmpdir(), "unrolled-worker-"));
afterAll(() => rmSync(place, { recursive: true }));
const workerUrl = pathToFileURL(join(place, "training-worker.mjs"));

beforeAll(async () => {
  const outfile = fileURLToPath(workerUrl);
  const entry = fileURLToPath(new URL("./training-worker.ts", import.meta.url));
  // for a page: whatever it needs of Node must be asked for at run time
  await build({ entryPoints: [entry], outfile, bundle: true, platform: "browser", format: "esm", logLevel: "error" });
  await configure({ simd: engineInfo().name, workerUrl });
});

async function* memoryExamples<E>(examples: readonly E[]): AsyncGenerator<E> {
  yield* examples;
  await Promise.resolve();
}

/** What is the same wherever a model was trained: all but the seconds. */
async function bitsOf(model: LanguageModel): Promise<unknown> {
  const files = new Map<string, Uint8Array>();
  await model.save(files);
  const { history, trainedWith } = model;
  const epochs = history.epochs.map(({ seconds: _, ...record }) => record);
  return { weights: files.get("model.safetensors"), trainedWith, epochs, interrupted: history.interrupted };
}

describe("training in a worker", () => {
  it("gives the very bits of training without one", async () => {
    const options = { epochs: 2, layers: 2, dropout: 0.2 };
    const model = await trainSmall({ ...options, worker: true });
    expect(await bitsOf(model)).toEqual(await bitsOf(await trainSmall(options)));
    expect(model.sample("wh", { length: 20, temperature: 0 })).toMatch(/^[a-z \n]{20}$/);
  });

  it("gives the very bits of a forecaster's training, of rows that an array or a function gives", async () => {
    const rows = waveRows(120);
    const lazily = async function* () {
      yield* rows;
    };
    const here = await bitsOfForecaster(await Forecaster.train(rows, quick));
    expect(await bitsOfForecaster(await Forecaster.train(rows, { ...quick, worker: true }))).toEqual(here);
    expect(await bitsOfForecaster(await Forecaster.train(lazily, { ...quick, worker: true }))).toEqual(here);
  });

  it("takes pieces and word vectors along", async () => {
    const tokenizer = trainPieces("the white whale ".repeat(50), { size: 264 });
    const wordVectors = new Map([["whale", Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8)]]);
    for (const options of [
      { tokens: "piece", tokenizer, epochs: 1 },
      { tokens: "word", wordVectors, freezeWordVectors: true, epochs: 1 },
    ] as const) {
      const there = await trainSmall({ ...options, worker: true });
      const here = await trainSmall(options);
      expect(await bitsOf(there)).toEqual(await bitsOf(here));
      expect(there.vocabulary.symbols).toEqual(here.vocabulary.symbols);
    }
  });

  it("leaves time for other work meanwhile", async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    await trainSmall({ worker: true });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(20);
  });

  it("tells of every step as it does without one", async () => {
    const here: LanguageModelProgress[] = [];
    const there: LanguageModelProgress[] = [];
    await trainSmall({ epochs: 1, onProgress: (progress) => here.push(progress) });
    await trainSmall({ epochs: 1, onProgress: (progress) => there.push(progress), worker: true });
    const timeless = ({ model: _, seconds: _s, secondsLeft: _l, tokensPerSecond: _t, ...rest }: LanguageModelProgress) => rest;
    expect(there.map(timeless)).toEqual(here.map(timeless));
    expect(() => there[0]?.model.sample("wh")).toThrow(expect.objectContaining({ code: "UNROLLED_VALUE" }));
  });

  it("ends at a signal, with the model so far", async () => {
    const aborting = new AbortController();
    const { signal } = aborting;
    const onProgress = ({ step }: LanguageModelProgress) => step === 3 && aborting.abort();
    const model = await trainSmall({ epochs: 10_000, worker: true, signal, onProgress });
    expect(model.history.interrupted).toBe(true);
    expect(model.history.steps).toBeGreaterThanOrEqual(3);
    expect(model.history.steps).toBeLessThan(10_000);
  });

  it("takes no step where the signal was given before", async () => {
    const model = await trainSmall({ worker: true, signal: AbortSignal.abort() });
    expect(model.history).toMatchObject({ interrupted: true, steps: 0 });
  });

  it.each([
    ["sgd with momentum", { optimizer: sgd({ learningRate: 0.5, momentum: 0.5 }), learningRate: undefined as never }],
    [
      "adamw and a schedule",
      { optimizer: adamw({ weightDecay: 0.1 }), schedule: cosineDecay({ steps: 40 }), learningRate: undefined as never },
    ],
    ["a schedule by epochs", { schedule: (_: number, epoch: number) => 0.5 ** epoch }],
  ])("takes %s along", async (_, options) => {
    const [here, there] = [
      await trainSmall({ epochs: 2, ...options }),
      await trainSmall({ epochs: 2, ...options, worker: true }),
    ];
    expect(await bitsOf(there)).toEqual(await bitsOf(here));
  });

  it("keeps checkpoints in the page's store, and resumes from them with the same bits", async () => {
    const unbroken = await bitsOf(await trainSmall({ epochs: 2 }));
    for (const checkpoints of [new Map<string, Uint8Array>(), memoryStore(), folder(join(place, "checkpoints"))]) {
      await trainSmall({ epochs: 2, steps: 5, checkpoints, worker: true });
      const resumed = await trainSmall({ epochs: 2, checkpoints, resume: true, worker: true });
      expect(await bitsOf(resumed)).toEqual(unbroken);
    }
  });

  it("trains a classifier too, on an array or on examples that the page's function gives, with the same bits", async () => {
    const examples = filmTalk(600, 1);
    let passes = 0;
    const lazily = () => {
      passes++;
      return memoryExamples(examples);
    };
    const options = { epochs: 2, shuffleBuffer: 100, validation: filmTalk(20, 2) };
    const weightsOf = async (classifier: Classifier) => {
      const files = new Map<string, Uint8Array>();
      await classifier.save(files);
      return files.get("model.safetensors");
    };
    for (const data of [examples, lazily]) {
      const there = await trainFilmTalk({ ...options, worker: true }, data);
      expect(await weightsOf(there)).toEqual(await weightsOf(await trainFilmTalk(options, data)));
    }
    expect(passes).toBe(2 * 3);
  });

  it("refuses wrong options and data with the errors of training without one", async () => {
    await expect(trainSmall({ units: 0, worker: true })).rejects.toMatchObject({ code: "UNROLLED_VALUE" });
    const validation = "x";
    const error = await trainSmall({ validation }).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "UNROLLED_DATA" });
    await expect(trainSmall({ validation, worker: true })).rejects.toEqual(error);
  });

  it("hands on what the page's own functions throw", async () => {
    const oops = new Error("oops");
    const fail = () => {
      throw oops;
    };
    await expect(trainSmall({ onProgress: fail, worker: true })).rejects.toBe(oops);
    const checkpoints = { ...memoryStore(), write: fail };
    await expect(trainSmall({ checkpoints, worker: true })).rejects.toMatchObject({ message: "oops" });
    await expect(trainSmall({ schedule: fail, worker: true })).rejects.toMatchObject({ message: "oops" });
    const optimizer = adamw({ decay: () => true });
    await expect(trainSmall({ optimizer, learningRate: undefined as never, worker: true })).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: expect.stringContaining("`decay` of adamw"),
    });
  });

  it("is a typed error where the worker dies", async () => {
    const dying = join(place, "dying.mjs");
    writeFileSync(
      dying,
      `import { parentPort } from "node:worker_threads"; parentPort.postMessage({ type: "ready" }); process.exit(1);`,
    );
    await configure({ workerUrl: pathToFileURL(dying) });
    await expect(trainSmall({ worker: true })).rejects.toMatchObject({ code: "UNROLLED_THREAD" });
    await configure({ workerUrl });
  });

  it("says what to do where the worker's file is not found", async () => {
    await configure({ workerUrl: pathToFileURL(join(place, "nowhere.mjs")) });
    await expect(trainSmall({ worker: true })).rejects.toMatchObject({
      code: "UNROLLED_ENGINE",
      message: expect.stringContaining("configure({ workerUrl })"),
    });
    await configure({ workerUrl });
  });
});

describe("training a tagger in a worker", () => {
  it("gives the very bits of training without one, from an array and from a function that the page answers for", async () => {
    const examples = sentences(40, 1);
    const options = { units: 6, characterUnits: 4, crf: true, epochs: 1, seed: 7 } as const;
    const weightsOf = ({ network }: Tagger) => Array.from(network.stateDict(), ([name, { data }]) => `${name} ${data.join()}`);
    const lazily = async function* () {
      for (const example of examples) yield await Promise.resolve(example);
    };
    for (const data of [examples, lazily]) {
      const there = await Tagger.train(data, { ...options, worker: true });
      expect(weightsOf(there)).toEqual(weightsOf(await Tagger.train(data, options)));
      expect((await there.predict(["the", "cat"])).tags.length).toBe(2);
    }
    const tokenizer = trainPieces("the cats and the birds ".repeat(20), { size: 270 });
    const pieces = { ...options, spelling: "pieces", tokenizer } as const;
    const there = await Tagger.train(examples, { ...pieces, worker: true });
    expect(weightsOf(there)).toEqual(weightsOf(await Tagger.train(examples, pieces)));
  });
});
