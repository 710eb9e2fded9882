import { beforeAll, describe, expect, it } from "vitest";
import { loadModel } from "../load-model.js";
import { Classifier } from "./classifier.js";
import type { ClassifierExample } from "./examples.js";
import { filmTalk } from "./testing/film-talk.js";
import { households, trainFilmTalk, walks } from "./testing/trained-classifier.js";

type Files = Map<string, Uint8Array>;
const kinds = ["text", "spelled text", "sequence", "row", "several labels"] as const;
const saved = new Map<string, { model: Classifier; files: Files; test: ClassifierExample[] }>();

const several = (examples: ClassifierExample[]) => examples.map(({ input, label }) => ({ input, label: [label as string] }));

beforeAll(async () => {
  const short = { epochs: 2, seed: 7, classWeights: "balanced", labelSmoothing: 0.1 } as const;
  const made = {
    text: { model: await trainFilmTalk(short), test: filmTalk(30, 2) },
    "spelled text": { model: await trainFilmTalk({ ...short, tokens: "both", characterUnits: 4 }), test: filmTalk(30, 2) },
    sequence: {
      model: await Classifier.train(walks(60, 1), { ...short, cell: "gru", pooling: "attention" }),
      test: walks(30, 2),
    },
    row: { model: await Classifier.train(households(200, 1), short), test: households(30, 2) },
    "several labels": { model: await trainFilmTalk({ epochs: 2 }, several(filmTalk(60, 1))), test: several(filmTalk(30, 2)) },
  };
  for (const [name, { model, test }] of Object.entries(made)) {
    const files: Files = new Map();
    await model.save(files);
    saved.set(name, { model, files, test });
  }
});

const of = (name: string) => saved.get(name) as { model: Classifier; files: Files; test: ClassifierExample[] };

describe("a saved classifier", () => {
  it.each(kinds)("of %s gives the very bits of the one that was saved", async (name) => {
    const { model, files, test } = of(name);
    const loaded = await loadModel(files);
    if (loaded.task !== "classifier") throw new Error(loaded.task);
    expect(await loaded.evaluate(test)).toEqual(await model.evaluate(test));
    expect(loaded.trainedWith).toEqual(model.trainedWith);
    expect(loaded.history).toEqual(model.history);
    expect([loaded.labels, loaded.input]).toEqual([model.labels, model.input]);
    const again: Files = new Map();
    await loaded.save(again);
    expect(again).toEqual(files);
  });

  it.each(kinds)("of %s says in its README.md what it is and how it is used", (name) => {
    const readme = new TextDecoder().decode(of(name).files.get("README.md"));
    expect(readme).toContain(of(name).model.network.summary());
    expect(readme).toContain('if (model.task === "classifier") console.log(await model.predict(');
    expect(readme).not.toMatch(/undefined|NaN|\[object/);
  });
});

describe("a damaged classifier is refused, naming file and field:", () => {
  const changed = (name: string, change: (config: Config) => void): Files => {
    const files = new Map(of(name).files);
    const config = JSON.parse(new TextDecoder().decode(files.get("config.json"))) as Config;
    change(config);
    return files.set("config.json", new TextEncoder().encode(JSON.stringify(config)));
  };
  interface Config {
    format: number;
    task: string;
    input: Record<string, unknown>;
    labels: Record<string, unknown>;
    trainedWith: Record<string, unknown>;
  }
  it.each<[string, (typeof kinds)[number], (config: Config) => void, string]>([
    ["a newer format", "text", (config) => (config.format = 2), "the model has format 2"],
    [
      "another task",
      "text",
      (config) => (config.task = "oracle"),
      '`task` must be one of "captioner", "classifier", "forecaster", "language-model", "tagger"',
    ],
    ["an unknown field", "row", (config) => (config.input.colour = 1), "`input.colour` is not a known field"],
    ["an unknown pooling", "text", (config) => (config.trainedWith.pooling = "min"), "`trainedWith.pooling` must be one of"],
    ["a rate of 1", "text", (config) => (config.trainedWith.dropout = 1), "`trainedWith.dropout` must be below 1, received 1"],
    ["a label twice", "text", (config) => (config.labels.names = ["a", "a"]), "`labels.names` must be different"],
    ["labels without their counts", "text", (config) => (config.labels.counts = [1]), "`labels.counts` must be an array of 2"],
    ["a deviation of 0", "sequence", (config) => (config.input.deviations = [0, 1]), "`input.deviations[0]` must be"],
    [
      "fewer deviations than means",
      "sequence",
      (config) => (config.input.deviations = [1]),
      "`input.deviations` must be an array of 2",
    ],
  ])("%s", async (_, name, change, message) => {
    const files = changed(name, change);
    await expect(loadModel(files)).rejects.toMatchObject({ code: "UNROLLED_FILE", message: expect.stringContaining(message) });
  });

  it.each(["config.json", "vocabulary.json", "model.safetensors"])("without its %s", async (name) => {
    const files = new Map(of("text").files);
    files.delete(name);
    await expect(loadModel(files)).rejects.toMatchObject({ code: "UNROLLED_FILE", message: expect.stringContaining(name) });
  });

  it("weights of another number of labels", async () => {
    const files = changed("text", ({ labels }) => Object.assign(labels, { names: ["a", "b", "c"], counts: [1, 1, 1] }));
    await expect(loadModel(files)).rejects.toMatchObject({ code: "UNROLLED_STATE_DICT" });
  });
});

describe("an interrupted training", () => {
  const weightsOf = async (model: Classifier) => {
    const files: Files = new Map();
    await model.save(files);
    return files.get("model.safetensors");
  };

  it.each([3, 17, 20])(
    "of %i steps goes on with the bits of an unbroken one, its order of examples and early stopping too",
    async (steps) => {
      const options = { epochs: 3, inputDropout: 0.2, patience: 5, validateEvery: 5 };
      const unbroken = await trainFilmTalk(options);
      const checkpoints: Files = new Map();
      const aborting = new AbortController();
      const stop = (progress: { step: number }) => progress.step === steps && aborting.abort();
      const broken = await trainFilmTalk({ ...options, checkpoints, signal: aborting.signal, onProgress: stop });
      expect(broken.history).toMatchObject({ interrupted: true, steps });
      const resumed = await trainFilmTalk({ ...options, checkpoints, resume: true });
      expect(await weightsOf(resumed)).toEqual(await weightsOf(unbroken));
      const timeless = ({ history }: Classifier) => history.epochs.map(({ seconds: _s, ...record }) => record);
      expect(timeless(resumed)).toEqual(timeless(unbroken));
    },
  );

  it("is not resumed with other examples, options or labels", async () => {
    const checkpoints: Files = new Map();
    await trainFilmTalk({ epochs: 1, checkpoints });
    const resume = { epochs: 2, checkpoints, resume: true };
    await expect(trainFilmTalk({ ...resume, outputDropout: 0.1 })).rejects.toMatchObject({ code: "UNROLLED_VALUE" });
    await expect(trainFilmTalk(resume, filmTalk(300, 5))).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: expect.stringContaining("the checkpoint belongs to another training: data was "),
    });
  });
});
