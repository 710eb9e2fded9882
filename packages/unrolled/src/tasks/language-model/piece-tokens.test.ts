import { Tokenizer } from "@huggingface/tokenizers";
import { beforeAll, describe, expect, it } from "vitest";
import { trainPieces } from "../../data/text/pieces/train-pieces.js";
import { readTokenizer } from "../../files/tokenizer-json/read.js";
import { writeTokenizer } from "../../files/tokenizer-json/write.js";
import { plain } from "../../layers/testing/plain.js";
import { LanguageModel } from "./language-model.js";
import { ngramBaseline } from "./ngram.js";
import type { LanguageModelOptions } from "./options.js";
import { splitText } from "./split.js";

/** Sentences whose words follow from the first, which a bigram model can't see; of characters that are several bytes too. */
const SENTENCES = [
  "white ships never sail the sea by day 🐳",
  "grey ships never cross the sea by night 🐳",
  "red ships never fear the sea by noon 🐳",
  "naïve ships never leave the sea by dusk 🐳",
];
const text = Array.from({ length: 400 }, (_, index) => SENTENCES[(index * index + (index >> 2)) % 4]).join("\n");
const small: LanguageModelOptions = { tokens: "piece", vocabularySize: 300, sequenceLength: 12 };

let model: LanguageModel;
const files = new Map<string, Uint8Array>();
beforeAll(async () => {
  model = await LanguageModel.train(text, {
    ...small,
    units: 24,
    embeddingUnits: 8,
    batchSize: 8,
    epochs: 9,
    learningRate: 0.03,
    seed: 7,
  });
  await model.save(files);
});

describe("a language model of pieces", () => {
  it("learns pieces from the part that it is trained on, as many as asked for at most", () => {
    const { train } = splitText(text, 0.1, "piece");
    expect(model.vocabulary.tokens).toBe("piece");
    expect(model.vocabulary.tokenizer?.rules).toEqual(trainPieces(train, { size: 299 }).rules);
    expect(model.vocabulary.symbols).toContain("Ġships");
    expect(model.trainedWith).toMatchObject({
      tokens: "piece",
      vocabularySize: 300,
      minimumCount: 2,
      trainTokens: model.vocabulary.encode(train).length,
    });
  });

  it("predicts pieces better than n-gram models of pieces, and says so in bits per character too", async () => {
    const { train, validation } = splitText(text, 0.1, "piece");
    const { vocabulary } = model;
    const ids = vocabulary.encode(validation);
    const [bigram] = ngramBaseline(vocabulary.encode(train), ids, vocabulary.size, [2]);
    const metrics = await model.evaluate(validation);
    expect(metrics.loss).toBe(model.history.epochs.at(-1)?.validationLoss);
    expect(metrics.loss).toBeLessThan((bigram?.loss ?? 0) - 0.03);
    const characters = [...validation].length - [...(vocabulary.split(validation)[0] ?? "")].length;
    expect(metrics).toEqual({
      loss: metrics.loss,
      perplexity: Math.exp(metrics.loss),
      tokens: ids.length - 1,
      unknown: 0,
      bitsPerCharacter: expect.closeTo((metrics.loss * (ids.length - 1)) / Math.LN2 / characters, 10),
    });
  });

  it("writes text without ever a part of a character, the same as sample, and what it has learned", async () => {
    const options = { length: 60, temperature: 0.5, seed: 2 };
    const written: string[] = [];
    for await (const piece of model.generate("white ships", options)) written.push(piece);
    expect(written.join("")).toBe(model.sample("white ships", options));
    expect(written.join("")).toContain("🐳");
    for (const part of written) expect(part).toBe(part.toWellFormed());
    expect(written).not.toContain("");
    expect(written.join("")).not.toContain("\ufffd");
    expect(model.sample("grey ships never", { length: 1, temperature: 0 })).toBe(" cross");
  });

  it("leaves out a character that the last piece begins", () => {
    const all = model.sample("white ships never sail", { length: 40, temperature: 0 });
    for (let length = 0; length < 40; length++) {
      const some = model.sample("white ships never sail", { length, temperature: 0 });
      expect(all.startsWith(some)).toBe(true);
      expect(some).not.toContain("\ufffd");
    }
  });

  it("goes on with the piece that a prompt's last space belongs to", () => {
    expect(model.sample("grey ships never ", { length: 1, temperature: 0 })).toBe("cross");
    for (let seed = 0; seed < 20; seed++) {
      const next = model.sample("ships ", { length: 1, seed, temperature: 5 });
      expect(model.vocabulary.encode(` ${next}`)).toHaveLength(1);
    }
  });

  it("begins after a line break where the prompt is empty, and reads any prompt", () => {
    expect(model.sample("", { length: 6, temperature: 0 })).toMatch(/^(white|grey|red|naïve) ships/);
    expect(model.sample("漢字", { length: 3, seed: 1 })).toBe(model.sample("漢字", { length: 3, seed: 1 }));
  });

  it("streams a piece at a time, by its text or its index", () => {
    const [byText, byIndex] = [model.stream(), model.stream()];
    expect(byText.step(" ships")).toEqual(byIndex.step(model.vocabulary.indexOf("Ġships")));
    expect(() => model.stream().step(" ships never")).toThrow('stream: expected one piece, received " ships never".');
  });

  it("is the same after saving and loading, with its pieces in a tokenizer.json that Hugging Face's library reads", async () => {
    expect([...files.keys()].sort()).toEqual([
      "README.md",
      "config.json",
      "history.jsonl",
      "model.safetensors",
      "tokenizer.json",
    ]);
    const again = await LanguageModel.load(files);
    expect(again.sample("the", { length: 50, seed: 1 })).toBe(model.sample("the", { length: 50, seed: 1 }));
    expect(again.trainedWith).toEqual(model.trainedWith);
    const resaved = new Map<string, Uint8Array>();
    await again.save(resaved);
    expect(resaved).toEqual(files);
    const reference = new Tokenizer(JSON.parse(new TextDecoder().decode(files.get("tokenizer.json"))), {});
    const { ids } = reference.encode(text.slice(0, 2000), { add_special_tokens: false });
    expect(ids.map((id: number) => id + 1)).toEqual([...model.vocabulary.encode(text.slice(0, 2000))]);
    const readme = new TextDecoder().decode(files.get("README.md"));
    expect(readme).toContain(`A piece language model`);
    expect(readme).toMatch(/nats per piece, a perplexity of/);
  });

  it("is refused where its tokenizer.json is missing, damaged or has other pieces than its weights", async () => {
    const load = (name: string, bytes: Uint8Array | undefined) => {
      const changed = new Map(files);
      if (bytes) changed.set(name, bytes);
      else changed.delete(name);
      return LanguageModel.load(changed);
    };
    await expect(load("tokenizer.json", undefined)).rejects.toMatchObject({ code: "UNROLLED_FILE" });
    await expect(load("tokenizer.json", files.get("tokenizer.json")?.slice(0, 500))).rejects.toMatchObject({
      code: "UNROLLED_FILE",
    });
    const other = writeTokenizer(trainPieces(text, { size: 260 }));
    await expect(load("tokenizer.json", other)).rejects.toMatchObject({ code: "UNROLLED_STATE_DICT" });
  });

  it("has a vocabulary by the length of its text where none is asked for", async () => {
    const trained = await LanguageModel.train(text, { tokens: "piece", units: 4, steps: 1, sequenceLength: 10 });
    expect(trained.trainedWith.vocabularySize).toBe(500);
  });

  it("takes pieces that were learned elsewhere", async () => {
    const tokenizer = readTokenizer(writeTokenizer(trainPieces("the whale ".repeat(50), { size: 262 })));
    const options: LanguageModelOptions = { tokens: "piece", tokenizer, units: 4, steps: 3, sequenceLength: 10, seed: 1 };
    const trained = await LanguageModel.train(text, options);
    expect(trained.vocabulary.tokenizer).toBe(tokenizer);
    expect(trained.trainedWith.vocabularySize).toBeUndefined();
  });

  it("goes on from a checkpoint with the bits of an unbroken run", async () => {
    const options: LanguageModelOptions = { ...small, units: 6, seed: 3, steps: 8 };
    const checkpoints = new Map<string, Uint8Array>();
    await LanguageModel.train(text, { ...options, steps: 5, checkpoints });
    const resumed = await LanguageModel.train(text, { ...options, checkpoints, resume: true });
    expect(plain(resumed.network.stateDict())).toEqual(plain((await LanguageModel.train(text, options)).network.stateDict()));
  });

  const tokenizer = trainPieces("", { size: 256 });
  it.each<[what: string, options: LanguageModelOptions, message: string]>([
    [
      "a vocabulary smaller than the bytes",
      { tokens: "piece", vocabularySize: 256 },
      "`vocabularySize` must be a whole number of at least 257, received 256.",
    ],
    [
      "a path for a tokenizer",
      { tokens: "piece", tokenizer: "tokenizer.json" as never },
      "`tokenizer` must be what trainPieces or readTokenizer gives, received string.",
    ],
    ["a tokenizer for words", { tokens: "word", tokenizer }, '`tokenizer` is about pieces; set tokens: "piece" too.'],
    [
      "a tokenizer and a size",
      { tokens: "piece", tokenizer, vocabularySize: 300 },
      "`tokenizer` has learned its pieces already; leave minimumCount and vocabularySize out.",
    ],
  ])("refuses %s", async (_what, options, message) => {
    await expect(LanguageModel.train(text, options)).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: `LanguageModel.train: ${message}`,
    });
  });
});

describe("a language model that begins with word vectors", () => {
  const words = new Map([
    ["ships", Float32Array.of(1, -1, 0.5)],
    ["the", Float32Array.of(0.25, 2, -0.5)],
  ]);
  const options: LanguageModelOptions = { tokens: "word", wordVectors: words, units: 4, steps: 2, sequenceLength: 10, seed: 1 };
  const rowOf = (trained: LanguageModel, word: string) => {
    const rows = trained.network.stateDict().get("0.weight")?.toArray() as number[][];
    return rows[trained.vocabulary.indexOf(word)];
  };

  it("tunes them, as many numbers a word as they have, and tells how many were found", async () => {
    const notices: string[] = [];
    const trained = await LanguageModel.train(text, { ...options, onNotice: (notice) => notices.push(notice) });
    expect(notices).toEqual([`Vectors were found for 2 of ${trained.vocabulary.size - 1} words.`]);
    expect(trained.trainedWith).toMatchObject({ embeddingUnits: 3, wordsWithVectors: 2, freezeWordVectors: false });
    const whale = rowOf(trained, "ships") ?? [];
    expect(whale).not.toEqual([1, -1, 0.5]);
    for (const [k, value] of [1, -1, 0.5].entries()) expect(whale[k]).toBeCloseTo(value, 1);
  });

  it("leaves them as they are with freezeWordVectors, also after loading", async () => {
    const trained = await LanguageModel.train(text, { ...options, freezeWordVectors: true });
    expect(rowOf(trained, "ships")).toEqual([1, -1, 0.5]);
    const saved = new Map<string, Uint8Array>();
    await trained.save(saved);
    const again = await LanguageModel.load(saved);
    expect(again.trainedWith).toEqual(trained.trainedWith);
    expect(again.network.parameters.map(({ trainable }) => trainable)).toEqual(
      trained.network.parameters.map(({ trainable }) => trainable),
    );
    expect(again.sample("the", { length: 5, seed: 1 })).toBe(trained.sample("the", { length: 5, seed: 1 }));
  });

  it("doesn't go on from a checkpoint that began with others", async () => {
    const checkpoints = new Map<string, Uint8Array>();
    await LanguageModel.train(text, { ...options, checkpoints });
    const others = new Map([...words].map(([word, vector]) => [word, vector.map((value) => 2 * value)]));
    await expect(
      LanguageModel.train(text, { ...options, wordVectors: others, checkpoints, resume: true, steps: 3 }),
    ).rejects.toMatchObject({ message: expect.stringContaining("wordVectors was ") });
  });

  it.each<[what: string, options: LanguageModelOptions, message: string]>([
    ["characters", { wordVectors: words }, '`wordVectors` are for words; set tokens: "word" too.'],
    ["to freeze what isn't there", { tokens: "word", freezeWordVectors: true }, "`freezeWordVectors` needs `wordVectors`."],
    [
      "no vectors",
      { tokens: "word", wordVectors: new Map() },
      "`wordVectors` must be a Map with at least one word, received an empty one.",
    ],
    [
      "vectors of another length",
      { tokens: "word", wordVectors: words, embeddingUnits: 8 },
      "`embeddingUnits` must be 3, as many as `wordVectors` have, received 8; leave embeddingUnits out.",
    ],
    [
      "vectors that can't be tied",
      { tokens: "word", wordVectors: words, units: 8, tieEmbeddings: true },
      "`tieEmbeddings` needs embeddingUnits equal to units (8), received 3; set units: 3.",
    ],
  ])("refuses %s", async (_what, given, message) => {
    await expect(LanguageModel.train(text, given)).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: `LanguageModel.train: ${message}`,
    });
  });
});
