import { describe, expect, it, vi } from "vitest";
import { configure } from "../../engine/current.js";
import { WordCharacters } from "../../layers/word-characters.js";
import { loadModel } from "../load-model.js";
import type { TaskProgress } from "../progress.js";
import type { TaggerExample } from "./examples.js";
import type { TaggerOptions } from "./options.js";
import { Tagger } from "./tagger.js";
import { namedSentences, sentences } from "./testing/sentences.js";

// other tests run meanwhile, and threads that wait for each other would wait for them
await configure({ threads: 1 });

const SMALL = {
  units: 12,
  wordUnits: 8,
  characterUnits: 6,
  dropout: 0.1,
  batchSize: 16,
  learningRate: 0.02,
  seed: 1,
} satisfies TaggerOptions;

const training = sentences(200, 1);
const test = sentences(100, 2);
const trained = Tagger.train(training, { ...SMALL, epochs: 6 });

/** In text, which is compared faster than numbers are. */
function weightsOf({ network }: Tagger): string[] {
  return Array.from(network.stateDict(), ([name, { data }]) => `${name} ${data.join()}`);
}

async function* lazily<E>(examples: readonly E[]): AsyncGenerator<E> {
  for (const example of examples) yield await Promise.resolve(example);
}

describe("Tagger", () => {
  it("learns words by what stands beside them and by their characters: far above the most frequent tag of each word", async () => {
    const tagger = await trained;
    const { accuracy, f1, baseline, unknown, unknownAccuracy, tokens, scores, loss } = await tagger.evaluate(test);
    expect(accuracy).toBeGreaterThan(0.97);
    expect(f1).toBeGreaterThan(0.95);
    expect(baseline.accuracy).toBeLessThan(0.9);
    expect(unknown).toBeGreaterThan(0);
    expect(unknownAccuracy).toBeGreaterThan(0.9);
    expect(tokens).toBe(test.reduce((sum, example) => sum + example.tokens.length, 0));
    expect(Object.keys(scores)).toEqual(["DET", "MARK", "NAME", "NOUN", "VERB"]);
    expect(scores.DET).toEqual({
      precision: 1,
      recall: 1,
      f1: 1,
      support: test.flatMap(({ tags }) => tags).filter((tag) => tag === "DET").length,
    });
    expect(loss).toBeGreaterThan(0);
    expect(loss).toBeLessThan(0.2);
  });

  it("gives tags with their probabilities, for one sentence as for several, whatever the others are", async () => {
    const tagger = await trained;
    const one = await tagger.predict(["the", "walks", "plays", "Zorabel", "."]);
    expect(one.tags).toEqual(["DET", "NOUN", "VERB", "NAME", "MARK"]);
    for (const probability of one.probabilities) {
      expect(probability).toBeGreaterThan(0.5);
      expect(probability).toBeLessThanOrEqual(1);
    }
    const several = await tagger.predict([["Mina", "sees", "."], ["the", "walks", "plays", "Zorabel", "."], ["."]]);
    expect(several.map(({ tags }) => tags.length)).toEqual([3, 5, 1]);
    expect(several[1]).toEqual(one);
    expect(await tagger.predict([])).toEqual([]);
  });

  it("tells the naive baseline: each word's most frequent tag, the most frequent of all for a new word", async () => {
    const tagger = await Tagger.train(
      [
        { tokens: ["a", "b", "b", "c"], tags: ["X", "Y", "Y", "X"] },
        { tokens: ["b", "a"], tags: ["X", "X"] },
      ],
      { ...SMALL, steps: 1, validation: [{ tokens: ["a"], tags: ["X"] }] },
    );
    const { baseline } = await tagger.evaluate([{ tokens: ["a", "b", "new", "new"], tags: ["X", "Y", "X", "Y"] }]);
    expect(baseline.accuracy).toBe(0.75);
    expect(baseline.f1).toBeCloseTo(((2 * 2) / (3 + 2) + 2 / (1 + 2)) / 2, 12);
  });

  it("is trained to the same bits by the same seed, from an array; a function's epochs are seeded too", async () => {
    const options = { ...SMALL, epochs: 1, layers: 2, cell: "gru", crf: true } as const;
    const weights = async (data: Parameters<typeof Tagger.train>[0]) => {
      const tagger = await Tagger.train(data, { ...options, validation: test.slice(0, 10) });
      return weightsOf(tagger);
    };
    expect(await weights(training)).toEqual(await weights(training));
    const again = () => lazily(training);
    expect(await weights(again)).toEqual(await weights(again));
  });

  it("trains on a function's examples, held-out ones among them, with progress", async () => {
    const seen: TaskProgress[] = [];
    const tagger = await Tagger.train(() => lazily(training), {
      ...SMALL,
      epochs: 2,
      shuffleBuffer: 50,
      validation: 0.2,
      onProgress: (progress) => seen.push(progress),
    });
    const { steps, epochs } = tagger.history;
    expect(seen.at(-1)).toMatchObject({ epoch: 2, epochs: 2, step: steps, steps });
    expect(seen.at(-1)?.metrics.accuracy).toBeGreaterThan(0.5);
    expect(epochs.every(({ validationMetrics }) => (validationMetrics?.accuracy ?? 0) > 0.5)).toBe(true);
    expect(tagger.trainedWith.trainExamples).toBeLessThan(180);
    expect(tagger.trainedWith.trainExamples).toBeGreaterThan(130);
  });

  it("goes on from a checkpoint to the bits of an unbroken training", async () => {
    const options = { ...SMALL, wordDropout: 0.2, crf: true, patience: 2 } satisfies TaggerOptions;
    const whole = await Tagger.train(training, { ...options, epochs: 3 });
    const checkpoints = new Map<string, Uint8Array>();
    await Tagger.train(training, { ...options, epochs: 3, steps: 16, checkpoints });
    const resumed = await Tagger.train(training, { ...options, epochs: 3, checkpoints, resume: true });
    expect(weightsOf(resumed)).toEqual(weightsOf(whole));
    await expect(Tagger.train(training, { ...options, epochs: 3, dropout: 0.2, checkpoints, resume: true })).rejects.toThrow(
      "the checkpoint belongs to another training: dropout was 0.1, now 0.2",
    );
  });

  it.each([
    { name: "with characters and a field", more: { crf: true } },
    { name: "without", more: { characterUnits: 0, lowercase: false } },
    { name: "forward only", more: { bidirectional: false } },
  ] as const)("saves and loads, $name: the same answers, options and history", async ({ more }) => {
    const tagger = await Tagger.train(training, { ...SMALL, ...more, epochs: 1 });
    const store = new Map<string, Uint8Array>();
    await tagger.save(store);
    expect([...store.keys()].sort()).toEqual([
      "README.md",
      "config.json",
      "history.jsonl",
      "model.safetensors",
      "vocabulary.json",
    ]);
    const again = await loadModel(store);
    if (again.task !== "tagger") throw new Error(`the task is ${again.task}`);
    expect(again.trainedWith).toEqual(tagger.trainedWith);
    expect(again.history).toEqual(tagger.history);
    expect(again.tags).toEqual(tagger.tags);
    const unseen = test.map(({ tokens }) => tokens);
    expect(await again.predict(unseen)).toEqual(await tagger.predict(unseen));
    expect(await again.evaluate(test)).toEqual(await tagger.evaluate(test));
    const readme = new TextDecoder().decode(store.get("README.md"));
    expect(readme).toContain("Gives each token of a sentence one of 5 tags");
    expect(readme).toContain(`accuracy ${tagger.history.best?.value.toFixed(4)}`);
  });
});

describe("Tagger of strange words", () => {
  it("keeps words, characters and tags through saving, whatever they are", async () => {
    const words = ["__proto__", "<unk>", "a b", "\ud83d\ude00", "\ufffd", "\u0000", "x".repeat(100), "ẞ", "\ud800"];
    const examples = words.map((word): TaggerExample => ({ tokens: [word, word], tags: ["__proto__", "constructor"] }));
    const tagger = await Tagger.train(examples, { ...SMALL, epochs: 1, validation: examples });
    const store = new Map<string, Uint8Array>();
    await tagger.save(store);
    const again = await Tagger.load(store);
    const sentences = words.map((word) => [word, "new"]);
    expect(await again.predict(sentences)).toEqual(await tagger.predict(sentences));
    const { scores } = await again.evaluate(examples);
    expect(Object.keys(scores)).toEqual(["__proto__", "constructor"]);
  });
});

describe("Tagger.evaluate", () => {
  it.each([true, false])(
    "runs the network once, with a field %s: the loss is that of the validation in training",
    async (crf) => {
      const held = namedSentences(70, 4);
      const tagger = await Tagger.train(namedSentences(60, 1), { ...SMALL, crf, epochs: 1, validation: held });
      const read = vi.spyOn(WordCharacters.prototype, "forward");
      const { loss, accuracy, f1 } = await tagger.evaluate(held);
      expect(read).toHaveBeenCalledTimes(2);
      read.mockRestore();
      const [epoch] = tagger.history.epochs;
      expect(loss).toBeCloseTo(epoch?.validationLoss ?? Number.NaN, 5);
      expect(accuracy).toBeCloseTo(epoch?.validationMetrics?.accuracy ?? Number.NaN, 6);
      expect(f1).toBeCloseTo(epoch?.validationMetrics?.f1 ?? Number.NaN, 12);
    },
  );
});

describe("Tagger of entities", () => {
  it("learns from a few sentences by its defaults, watches the F1 of entities, and says so", async () => {
    const tagger = await Tagger.train(namedSentences(60, 2), { units: 32, seed: 2 });
    const { best, epochs } = tagger.history;
    expect(best?.value).toBe(epochs[(best?.epoch ?? 0) - 1]?.validationMetrics?.f1);
    expect(best?.value).toBe(Math.max(...epochs.map(({ validationMetrics }) => validationMetrics?.f1 ?? 0)));
    expect((await tagger.evaluate(namedSentences(100, 9))).f1).toBeGreaterThan(0.9);
    const files = new Map<string, Uint8Array>();
    await tagger.save(files);
    const readme = new TextDecoder().decode(files.get("README.md"));
    expect(readme).toContain(`the best on the validation data: f1 ${best?.value.toFixed(4)}`);
    expect(readme).toContain("| validation accuracy | validation f1 |");
  });

  it("goes on from a checkpoint in the middle of an epoch to the bits of an unbroken training", async () => {
    const options = { ...SMALL, epochs: 3, patience: 2 } satisfies TaggerOptions;
    const examples = namedSentences(100, 1);
    const whole = await Tagger.train(examples, options);
    const checkpoints = new Map<string, Uint8Array>();
    await Tagger.train(examples, { ...options, steps: 8, checkpoints });
    const resumed = await Tagger.train(examples, { ...options, checkpoints, resume: true });
    expect(weightsOf(resumed)).toEqual(weightsOf(whole));
    const timeless = ({ history }: Tagger) => history.epochs.map(({ seconds: _, ...epoch }) => epoch);
    expect(timeless(resumed)).toEqual(timeless(whole));
    expect(whole.history.epochs.every(({ metrics }) => (metrics?.f1 ?? -1) >= 0)).toBe(true);
  });

  it("has a conditional random field where nothing is said, and counts whole entities", async () => {
    const tagger = await Tagger.train(namedSentences(200, 1), { ...SMALL, epochs: 6 });
    expect(tagger.trainedWith).toMatchObject({ crf: true, marksEntities: true });
    const held = namedSentences(100, 3);
    const { f1, accuracy, scores, baseline } = await tagger.evaluate(held);
    expect(f1).toBeGreaterThan(0.9);
    expect(accuracy).toBeGreaterThan(0.95);
    expect(baseline.f1).toBeLessThan(f1);
    expect(Object.keys(scores)).toEqual(["LOC", "PER"]);
    const { tags, probabilities } = await tagger.predict(["Zora", "Zorason", "sees", "Kuti", "."]);
    expect(tags).toEqual(["B-PER", "I-PER", "O", "B-LOC", "O"]);
    expect(Math.min(...probabilities)).toBeGreaterThan(0.4);
  });
});

describe("Tagger, wrong input", () => {
  const good: TaggerExample = { tokens: ["a", "b"], tags: ["X", "Y"] };
  const wrong = (example: unknown) => [good, example as TaggerExample, good];

  it.each([
    ["no example", [], "Tagger.train: expected at least one example to train on, received none."],
    ["no record", wrong("a b"), 'Tagger.train: example 1 must be { tokens, tags }, received "a b".'],
    ["no tags", wrong({ tokens: ["a"] }), "Tagger.train: example 1 must be { tokens, tags }, received object."],
    [
      "no tokens",
      wrong({ tokens: [], tags: [] }),
      "Tagger.train: example 1: `tokens` must be an array of at least one string, received an empty array.",
    ],
    [
      "an empty token",
      wrong({ tokens: ["a", ""], tags: ["X", "X"] }),
      'Tagger.train: example 1: token 1 must be a string that is not empty, received "".',
    ],
    [
      "a tag missing",
      wrong({ tokens: ["a", "b"], tags: ["X"] }),
      "Tagger.train: example 1 must have a tag for each of 2 tokens, received 1.",
    ],
    [
      "a tag that is null",
      wrong({ tokens: ["a"], tags: [null] }),
      "Tagger.train: example 1: tag 0 must be a string that is not empty, received null.",
    ],
  ])("refuses %s", async (_what, examples, message) => {
    const training = Tagger.train(examples as TaggerExample[], { validation: [good] });
    await expect(training).rejects.toMatchObject({ code: "UNROLLED_DATA", message });
  });

  it("refuses data that is none, and a tag that training didn't have", async () => {
    await expect(Tagger.train("a b" as unknown as TaggerExample[])).rejects.toMatchObject({ code: "UNROLLED_DATA" });
    const unknownTag = { tokens: ["a"], tags: ["Z"] };
    const message = 'example 0: tag 0 is "Z", which is none of those in the training data: X, Y.';
    await expect(Tagger.train([good], { validation: [unknownTag] })).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message: `Tagger.train: validation: ${message}`,
    });
    const tagger = await Tagger.train([good], { ...SMALL, steps: 1, validation: [good] });
    await expect(tagger.evaluate([unknownTag])).rejects.toThrow(`Tagger.evaluate: ${message}`);
    await expect(tagger.evaluate([])).rejects.toThrow("Tagger.evaluate: expected at least one example, received none.");
    await expect(tagger.predict(["a", ""])).rejects.toThrow("Tagger.predict: token 1 must be a string that is not empty");
    await expect(tagger.predict([["a"], []])).rejects.toThrow(
      "Tagger.predict: sentence 1: `tokens` must be an array of at least one string",
    );
  });

  it.each([
    [{ unit: 3 }, "Tagger.train: there is no option `unit`"],
    [{ bidirectional: "both" }, "`bidirectional` must be one of"],
    [{ crf: 1 }, "`crf` must be true or false, received 1."],
    [{ characterUnits: -1 }, "`characterUnits` must be a whole number of at least 0, received -1."],
    [{ validation: 1 }, "`validation` must be examples, or a fraction between 0 and 1, received 1."],
  ])("refuses the options %j", async (options, message) => {
    await expect(Tagger.train([good, good], options as TaggerOptions)).rejects.toThrow(message);
  });

  it.each([
    [
      "config.json",
      (text: string) => text.replace('"characterUnits": 6', '"characterUnits": 0'),
      "`trainedWith.characterUnits` must be 0 where spelling is none, and only there; received 0 with spelling characters.",
    ],
    [
      "config.json",
      (text: string) => text.replace('"bidirectional": "concat"', '"bidirectional": "both"'),
      "`trainedWith.bidirectional` must be one of",
    ],
    ["vocabulary.json", (text: string) => text.replace('"<unk>"', '"a"'), "<unk> the first"],
    [
      "vocabulary.json",
      (text: string) => text.replace('"tags":["X","Y"]', '"tags":["X","X"]'),
      "expected at least one tag, each once",
    ],
  ])("refuses a damaged %s", async (name, damage, message) => {
    const store = new Map<string, Uint8Array>();
    await (await Tagger.train([good], { ...SMALL, steps: 1, validation: [good] })).save(store);
    const text = new TextDecoder().decode(store.get(name));
    expect(damage(text)).not.toBe(text);
    store.set(name, new TextEncoder().encode(damage(text)));
    await expect(Tagger.load(store)).rejects.toMatchObject({ code: "UNROLLED_FILE", message: expect.stringContaining(message) });
  });
});
