import { beforeAll, describe, expect, it } from "vitest";
import { Vocabulary } from "../../data/text/vocabulary.js";
import { plain } from "../../layers/testing/plain.js";
import { LanguageModel } from "./language-model.js";
import { ngramBaseline } from "./ngram.js";
import type { LanguageModelOptions } from "./options.js";
import type { LanguageModelProgress } from "./progress.js";
import { splitText } from "./split.js";
import { text, trainSmall } from "./testing/trained-model.js";
import { whaleTalk } from "./testing/whale-talk.js";

const fast: LanguageModelOptions = { units: 4, embeddingUnits: 4, batchSize: 4, sequenceLength: 16, steps: 3, seed: 7 };
const weightsOf = (model: LanguageModel) => plain(model.network.stateDict());

let model: LanguageModel;
const seen: LanguageModelProgress[] = [];
beforeAll(async () => {
  model = await trainSmall({ onProgress: (progress) => seen.push(progress) });
});

describe("train", () => {
  it("ends below 0.45 nats per character on text of few words, far below a bigram model", () => {
    const { train, validation } = splitText(text, 0.1);
    const { vocabulary } = model;
    const [bigram] = ngramBaseline(vocabulary.encode(train), vocabulary.encode(validation), vocabulary.size, [2]);
    const loss = model.history.epochs.at(-1)?.validationLoss;
    expect(bigram?.loss).toBeGreaterThan(0.75);
    expect(loss).toBeLessThan(0.45);
  });

  it.each(["rnn", "gru"] as const)("ends below the bigram model with an %s, too", async (cell) => {
    const trained = await trainSmall({ cell, layers: 2, dropout: 0.1 });
    expect(trained.history.epochs.at(-1)?.validationLoss).toBeLessThan(0.6);
  });

  it("takes the characters of the training part as the vocabulary, and the seed and sizes that it was given", () => {
    expect(model.vocabulary.symbols).toEqual(Vocabulary.of(splitText(text, 0.1).train).symbols);
    expect(model.task).toBe("language-model");
    expect(model.trainedWith).toEqual({
      cell: "lstm",
      units: 32,
      layers: 1,
      embeddingUnits: 8,
      dropout: 0,
      tieEmbeddings: false,
      tokens: "char",
      splitPunctuation: true,
      minimumCount: 1,
      batchSize: 8,
      sequenceLength: 32,
      optimizer: "adam",
      learningRate: 0.01,
      clipNorm: 1,
      seed: 7,
      trainTokens: splitText(text, 0.1).train.length,
      validationTokens: splitText(text, 0.1).validation.length,
    });
    const size = model.vocabulary.size;
    expect(model.parameterCount).toBe(size * 8 + 4 * 32 * (8 + 32 + 2) + size * 33);
  });

  it("tells after each step where it is", () => {
    const steps = Math.ceil((splitText(text, 0.1).train.length - 1) / 8 / 32);
    expect(seen.map(({ step }) => step)).toEqual(Array.from({ length: 6 * steps }, (_, index) => index + 1));
    expect(seen.map(({ epoch }) => epoch)).toEqual(seen.map((_, index) => Math.floor(index / steps) + 1));
    expect(seen.every((progress) => progress.model === model)).toBe(true);
    for (const { epochs, steps: all, skippedSteps } of seen) expect([epochs, all, skippedSteps]).toEqual([6, 6 * steps, 0]);
    expect(seen.slice(0, steps).every(({ validationLoss }) => validationLoss === undefined)).toBe(true);
    expect(seen[steps]?.validationLoss).toBe(model.history.epochs[0]?.validationLoss);
    expect(seen[0]?.loss).toBeCloseTo(Math.log(model.vocabulary.size), 0);
    expect(seen.at(-1)?.loss).toBeLessThan(0.5);
    expect(seen.at(-1)?.secondsLeft).toBe(0);
    expect(seen.every(({ tokensPerSecond, gradientNorm }) => tokensPerSecond > 0 && gradientNorm > 0)).toBe(true);
  });

  it("keeps a history of every epoch, whose last validation loss is that of the model", async () => {
    const { history } = model;
    expect(history.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(history).toMatchObject({ steps: seen.length, skippedSteps: 0, interrupted: false });
    const { loss } = await model.evaluate(splitText(text, 0.1).validation);
    expect(history.epochs.at(-1)?.validationLoss).toBe(loss);
  });

  it("gives the same bits twice for the same seed, dropout included, and others for another", async () => {
    const train = (seed: number) => LanguageModel.train(text, { ...fast, layers: 2, dropout: 0.3, seed });
    const [one, again, other] = [await train(1), await train(1), await train(2)];
    expect(weightsOf(again)).toEqual(weightsOf(one));
    expect(weightsOf(other)).not.toEqual(weightsOf(one));
  });

  it("is not disturbed by a sample asked for on the way", async () => {
    const samples: string[] = [];
    const watched = await LanguageModel.train(text, {
      ...fast,
      onProgress: ({ model: soFar }) => samples.push(soFar.sample("wh", { length: 5 })),
    });
    expect(samples.map((sample) => sample.length)).toEqual([5, 5, 5]);
    expect(weightsOf(watched)).toEqual(weightsOf(await LanguageModel.train(text, fast)));
  });

  it("ends after the step at hand when its signal is aborted, with the model as it is by then", async () => {
    const controller = new AbortController();
    const stopped = await LanguageModel.train(text, {
      ...fast,
      steps: 100,
      signal: controller.signal,
      onProgress: ({ step }) => (step === 3 ? controller.abort() : undefined),
    });
    expect(stopped.history).toMatchObject({ steps: 3, interrupted: true });
    expect(weightsOf(stopped)).toEqual(weightsOf(await LanguageModel.train(text, fast)));
    expect(stopped.sample("wh", { length: 3 })).toHaveLength(3);
  });

  it("validates on the text that it is given instead of the end of its own", async () => {
    const validation = whaleTalk(50, 2);
    const trained = await LanguageModel.train(text, { ...fast, validation });
    expect(trained.trainedWith.trainTokens).toBe(text.length);
    expect(trained.history.epochs.at(-1)?.validationLoss).toBe((await trained.evaluate(validation)).loss);
  });

  it("splits where splitText splits, by characters and not by halves of them", async () => {
    const emoji = "🐳🐋".repeat(100);
    const trained = await LanguageModel.train(emoji, { ...fast, validation: 0.25 });
    expect(trained.trainedWith).toMatchObject({ trainTokens: 150, validationTokens: 50 });
    expect([...splitText(emoji, 0.25).train]).toHaveLength(150);
    expect(trained.vocabulary.symbols).toEqual(["\ufffd", "🐋", "🐳"]);
    expect([...trained.sample("🐳", { length: 4, seed: 1 })]).toHaveLength(4);
  });

  it("counts characters that only the validation part has as unknown", async () => {
    const trained = await LanguageModel.train("ab".repeat(50), { ...fast, validation: "abXba" });
    expect(trained.vocabulary.symbols).toEqual(["\ufffd", "a", "b"]);
    expect(await trained.evaluate("abXba")).toMatchObject({ tokens: 4, unknown: 1 });
  });
});

describe("train refuses", () => {
  it.each<[what: string, text: string, options: LanguageModelOptions, message: string]>([
    [
      "an empty text",
      "",
      {},
      "the text to train on must be longer than one sequence of 64 characters, received 0; give more text, or set sequenceLength.",
    ],
    [
      "a text shorter than one sequence",
      "a".repeat(30),
      { sequenceLength: 27, validation: 0.1 },
      "the text to train on must be longer than one sequence of 27 characters, received 27; give more text, or set sequenceLength.",
    ],
    [
      "a text with hardly anything left to validate on",
      "a".repeat(101),
      { sequenceLength: 4, validation: 0.001 },
      "the text to validate on must have at least 2 characters, received 1.",
    ],
    [
      "an empty text to validate on",
      "ab".repeat(50),
      { sequenceLength: 4, validation: "" },
      "the text to validate on must have at least 2 characters, received 0.",
    ],
  ])("%s", async (_what, bad, options, message) => {
    await expect(LanguageModel.train(bad, options)).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message: `LanguageModel.train: ${message}`,
    });
  });

  it("what is no text", async () => {
    await expect(LanguageModel.train(5 as unknown as string)).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message: "LanguageModel.train: the text must be a string, received number.",
    });
  });

  it("a text without a character that stands for itself", async () => {
    await expect(LanguageModel.train("\ufffd".repeat(100), { ...fast })).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message: "vocabulary: expected at least one character, received 1 entries.",
    });
  });

  it.each<[options: object, message: string]>([
    [
      { cells: "gru" },
      "there is no option `cells`; the options are cell, units, layers, embeddingUnits, dropout, tieEmbeddings, tokens,",
    ],
    [{ cell: "transformer" }, '`cell` must be one of rnn, lstm, gru, received "transformer".'],
    [{ units: 0 }, "`units` must be a whole number of at least 1, received 0."],
    [{ layers: 1.5 }, "`layers` must be a whole number of at least 1, received 1.5."],
    [{ embeddingUnits: -1 }, "`embeddingUnits` must be a whole number of at least 1, received -1."],
    [{ dropout: 1 }, "`dropout` must be from 0 to below 1, received 1."],
    [{ epochs: 0 }, "`epochs` must be a whole number of at least 1, received 0."],
    [{ steps: 0.5 }, "`steps` must be a whole number of at least 1, received 0.5."],
    [{ batchSize: 0 }, "`batchSize` must be a whole number of at least 1, received 0."],
    [{ sequenceLength: 0 }, "`sequenceLength` must be a whole number of at least 1, received 0."],
    [{ learningRate: Number.NaN }, "`learningRate` must be a finite number of at least 0, received NaN."],
    [{ clipNorm: -1 }, "`clipNorm` must be a finite number of at least 5e-324, received -1."],
    [{ validation: 0 }, "`validation` must be a text, or a fraction between 0 and 1, received 0."],
    [{ validation: 1 }, "`validation` must be a text, or a fraction between 0 and 1, received 1."],
    [{ validateEvery: 0 }, "`validateEvery` must be a whole number of at least 1, received 0."],
    [{ resume: true }, "`resume` and `checkpointEvery` need `checkpoints`, a place for them."],
  ])("options that are unknown or out of range: %j", async (options, message) => {
    await expect(LanguageModel.train(text, options)).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: expect.stringContaining(`LanguageModel.train: ${message}`),
    });
  });

  it("a seed that is none", async () => {
    await expect(LanguageModel.train(text, { ...fast, seed: -1 })).rejects.toThrow(
      "seed: expected a whole number from 0 to 9007199254740991, received -1.",
    );
  });
});

describe("evaluate", () => {
  it("measures nats and bits per character and perplexity over every character but the first", async () => {
    const validation = whaleTalk(40, 3);
    const metrics = await model.evaluate(validation);
    expect(metrics.tokens).toBe(validation.length - 1);
    expect(metrics.unknown).toBe(0);
    expect(metrics.perplexity).toBeCloseTo(Math.exp(metrics.loss), 10);
    expect(metrics.bitsPerCharacter).toBeCloseTo(metrics.loss / Math.log(2), 10);
  });

  it("is the mean of −log of what a stream gives to each next character", async () => {
    const validation = [...whaleTalk(60, 3)];
    const stream = model.stream();
    const losses = validation.slice(1).map((next, index) => {
      const logits = [...stream.step(validation[index] ?? "")];
      const target = logits[model.vocabulary.encode(next)[0] ?? 0] ?? Number.NaN;
      return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - target;
    });
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    expect((await model.evaluate(validation.join(""))).loss).toBeCloseTo(mean, 5);
  });

  it("doesn't depend on dropout, and gives the same twice", async () => {
    const dropping = await LanguageModel.train(text, { ...fast, dropout: 0.9 });
    const first = await dropping.evaluate(text);
    expect(await dropping.evaluate(text)).toEqual(first);
    expect(first.loss).toBeLessThan(1.1 * Math.log(dropping.vocabulary.size));
  });

  it.each(["", "w"])("refuses a text of fewer than two characters: %j", async (short) => {
    await expect(model.evaluate(short)).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message: `text: at least 2 characters are needed, received ${short.length}.`,
    });
  });
});
