import { beforeAll, describe, expect, it } from "vitest";
import { plain } from "../../layers/testing/plain.js";
import { sgd } from "../../training/optimizers/sgd.js";
import { LanguageModel } from "./language-model.js";
import { ngramBaseline } from "./ngram.js";
import type { LanguageModelOptions } from "./options.js";
import { splitText } from "./split.js";
import { trainSmall } from "./testing/trained-model.js";

/** Sentences whose words follow from those before: a bigram model can't know the last one. */
const SENTENCES = ["the white whale swims.", "the white ship sails.", "a grey whale swims,", "a grey ship sails,"];
const text = Array.from({ length: 400 }, (_, index) => SENTENCES[(index * index + (index >> 2)) % 4]).join("\n");
const small: LanguageModelOptions = { tokens: "word", sequenceLength: 10 };

let model: LanguageModel;
beforeAll(async () => {
  model = await LanguageModel.train(text, {
    ...small,
    units: 24,
    embeddingUnits: 8,
    batchSize: 8,
    epochs: 8,
    learningRate: 0.02,
    seed: 7,
  });
});

describe("a language model of words", () => {
  it("learns the words, marks and line breaks of the part that it is trained on, the most frequent first", () => {
    const { train } = splitText(text, 0.1, "word");
    const { vocabulary, trainedWith } = model;
    expect(vocabulary.tokens).toBe("word");
    expect(vocabulary.symbols[0]).toBe("<unk>");
    expect(new Set(vocabulary.symbols.slice(1))).toEqual(new Set(vocabulary.split(train)));
    expect(trainedWith).toMatchObject({ tokens: "word", minimumCount: 1, trainTokens: vocabulary.split(train).length });
  });

  it("predicts words better than n-gram models of words", async () => {
    const { train, validation } = splitText(text, 0.1, "word");
    const { vocabulary } = model;
    const [bigram] = ngramBaseline(vocabulary.encode(train), vocabulary.encode(validation), vocabulary.size, [2]);
    const { loss } = await model.evaluate(validation);
    expect(model.history.epochs.at(-1)?.validationLoss).toBe(loss);
    expect(bigram?.loss).toBeGreaterThan(0.3);
    expect(loss).toBeLessThan((bigram?.loss ?? 0) - 0.1);
  });

  it("measures nats and perplexity per word, in one stream over the whole text, and no bits per character", async () => {
    const { validation } = splitText(text, 0.1, "word");
    const words = model.vocabulary.split(`${validation} unheard whale`);
    const stream = model.stream();
    const losses = words.slice(1).map((next, index) => {
      const logits = [...stream.step(words[index] ?? "")];
      const target = logits[model.vocabulary.encode(next)[0] ?? 0] ?? Number.NaN;
      return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - target;
    });
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    const metrics = await model.evaluate(`${validation} unheard whale`);
    expect(metrics).toEqual({
      loss: expect.closeTo(mean, 4),
      perplexity: Math.exp(metrics.loss),
      tokens: words.length - 1,
      unknown: 1,
    });
  });

  it("writes words with the spaces between them, as many as asked for, the same as sample", async () => {
    const options = { length: 12, temperature: 0 };
    const pieces: string[] = [];
    for await (const piece of model.generate("the white", options)) pieces.push(piece);
    expect(pieces).toHaveLength(12);
    expect(pieces[0]).toMatch(/^ (whale|ship)$/);
    expect(pieces[2]).toBe(".");
    expect(pieces.join("")).toBe(model.sample("the white", options));
    expect(model.vocabulary.split(`the white${pieces.join("")}`)).toHaveLength(14);
    expect(`a grey whale${model.sample("a grey whale", { length: 2, temperature: 0 })}`).toBe("a grey whale swims,");
  });

  it("puts no space where the prompt ends in one, and begins after a line break where it is empty", () => {
    expect(model.sample("the white ", { length: 1, temperature: 0 })).toMatch(/^(whale|ship)$/);
    expect(model.sample("", { length: 2, temperature: 0 })).toMatch(/^(the white|a grey)$/);
    expect(model.sample(" ", { length: 2, seed: 1 })).toBe(model.sample("", { length: 2, seed: 1 }));
  });

  it("reads an unknown word as <unk> and never writes it", () => {
    expect(model.sample("the mauve", { length: 5, seed: 1 })).toBe(model.sample("the <unk>", { length: 5, seed: 1 }));
    expect(model.sample("the", { length: 500, temperature: 50, seed: 1 })).not.toContain("<unk>");
  });

  it("streams one word at a time, and refuses several", () => {
    expect(() => model.stream().step("the white")).toThrow('stream: expected one word, received "the white".');
  });

  it("is the same after saving and loading", async () => {
    const files = new Map<string, Uint8Array>();
    await model.save(files);
    const again = await LanguageModel.load(files);
    expect(JSON.parse(new TextDecoder().decode(files.get("vocabulary.json")))).toEqual({
      tokens: "word",
      splitPunctuation: true,
      symbols: model.vocabulary.symbols,
    });
    expect(again.trainedWith).toEqual(model.trainedWith);
    expect(again.sample("the", { length: 20, seed: 1 })).toBe(model.sample("the", { length: 20, seed: 1 }));
    const readme = new TextDecoder().decode(files.get("README.md"));
    expect(readme).toContain("A word language model");
    expect(readme).toMatch(/Validation loss: \d\.\d{4} nats per word, a perplexity of \d+\.\d\d\./);
  });

  it("has one unknown word for what is too rare or beyond the size, and trains on it", async () => {
    const rare = `${text}\nthe white kraken swims.\n`;
    const train = (options: LanguageModelOptions) => LanguageModel.train(rare, { ...small, units: 4, steps: 2, ...options });
    const all = await train({ validation: "the white whale" });
    const frequent = await train({ validation: "the white whale", minimumCount: 2 });
    expect(all.vocabulary.symbols).toContain("kraken");
    expect(frequent.vocabulary.symbols).toEqual(all.vocabulary.symbols.filter((word) => word !== "kraken"));
    const few = await train({ validation: "the white whale", vocabularySize: 5 });
    expect(few.vocabulary.symbols).toEqual(all.vocabulary.symbols.slice(0, 5));
    expect(few.trainedWith.vocabularySize).toBe(5);
    expect((await train({ tokens: "char", vocabularySize: 5 })).vocabulary.size).toBe(5);
  });

  it("keeps words as spaces part them with splitPunctuation: false", async () => {
    const trained = await LanguageModel.train(text, { ...small, units: 4, steps: 2, splitPunctuation: false });
    expect(trained.vocabulary.symbols).toContain("swims.");
    const files = new Map<string, Uint8Array>();
    await trained.save(files);
    expect((await LanguageModel.load(files)).vocabulary.split("it swims.")).toEqual(["it", "swims."]);
  });

  it("goes on from a checkpoint with the bits of an unbroken run, and not from one of other words", async () => {
    const options: LanguageModelOptions = { ...small, units: 6, seed: 3, steps: 8 };
    const checkpoints = new Map<string, Uint8Array>();
    await LanguageModel.train(text, { ...options, steps: 5, checkpoints });
    const resumed = await LanguageModel.train(text, { ...options, checkpoints, resume: true });
    const unbroken = await LanguageModel.train(text, options);
    expect(plain(resumed.network.stateDict())).toEqual(plain(unbroken.network.stateDict()));
    await expect(LanguageModel.train(text, { ...options, minimumCount: 2, checkpoints, resume: true })).rejects.toMatchObject({
      message: expect.stringContaining("minimumCount was 1, now 2"),
    });
  });

  it("is validated on the end of the text from the beginning of a word on", () => {
    for (const fraction of [0.1, 0.123, 0.5]) {
      const { train, validation } = splitText(text, fraction, "word");
      expect(train + validation).toBe(text);
      expect(train).toMatch(/\s$/);
      expect(validation).toMatch(/^\S/);
      expect(Math.abs(validation.length / text.length - fraction)).toBeLessThan(0.01);
    }
    expect(splitText("whale", 0.5, "word")).toEqual({ train: "wh", validation: "ale" });
  });
});

describe("tied embeddings", () => {
  it("are one weight for both ends, trained once, saved and loaded", async () => {
    const trained = await trainSmall({ tieEmbeddings: true, embeddingUnits: 32, epochs: 4 });
    const untied = await LanguageModel.train(text, { units: 8, embeddingUnits: 8, steps: 1 });
    const tied = await LanguageModel.train(text, { units: 8, tieEmbeddings: true, steps: 1 });
    expect(untied.parameterCount - tied.parameterCount).toBe(8 * tied.vocabulary.size);
    const weights = trained.network.stateDict();
    expect(plain(weights.get("3.weight"))).toEqual(plain(weights.get("0.weight")));
    expect(trained.history.epochs.at(-1)?.validationLoss).toBeLessThan(0.6);
    const files = new Map<string, Uint8Array>();
    await trained.save(files);
    const again = await LanguageModel.load(files);
    expect(again.trainedWith.tieEmbeddings).toBe(true);
    expect(again.sample("wh", { length: 30, seed: 1 })).toBe(trained.sample("wh", { length: 30, seed: 1 }));
  });

  it("go on from a checkpoint with the bits of an unbroken run", async () => {
    const options: LanguageModelOptions = { units: 8, tieEmbeddings: true, seed: 3, steps: 6, sequenceLength: 10 };
    const checkpoints = new Map<string, Uint8Array>();
    await LanguageModel.train(text, { ...options, steps: 3, checkpoints });
    const resumed = await LanguageModel.train(text, { ...options, checkpoints, resume: true });
    expect(plain(resumed.network.stateDict())).toEqual(plain((await LanguageModel.train(text, options)).network.stateDict()));
  });
});

describe("an optimizer of one's own", () => {
  it("changes the weights in place of Adam, and is named in what the model was trained with", async () => {
    const options: LanguageModelOptions = { units: 6, seed: 3, steps: 5, sequenceLength: 10 };
    const [one, again] = await Promise.all(
      [1, 1].map((rate) => LanguageModel.train(text, { ...options, optimizer: sgd({ learningRate: rate }) })),
    );
    const other = await LanguageModel.train(text, options);
    expect(one?.trainedWith).toMatchObject({ optimizer: "sgd", learningRate: 1 });
    expect(plain(one?.network.stateDict())).toEqual(plain(again?.network.stateDict()));
    expect(plain(one?.network.stateDict())).not.toEqual(plain(other.network.stateDict()));
  });

  it("has the learning rate that a schedule makes of its own, told steps and epochs", async () => {
    const options: LanguageModelOptions = { units: 6, seed: 3, epochs: 3, sequenceLength: 50 };
    const train = (own: LanguageModelOptions) =>
      LanguageModel.train(text, { ...options, optimizer: sgd({ learningRate: 1 }), ...own });
    const asked = new Set<number>();
    const schedule = (_step: number, epoch: number) => {
      asked.add(epoch);
      return epoch === 0 ? 1 : 0;
    };
    const stopping = await train({ schedule });
    expect([...asked]).toEqual([0, 1, 2]);
    expect(plain(stopping.network.stateDict())).toEqual(plain((await train({ epochs: 1 })).network.stateDict()));
  });

  it("runs in the setting of Zaremba et al. 2014, small: 2 × 200 LSTM, 20 steps, batch 20, plain gradient descent halved after epoch 4, norm 5", async () => {
    const trained = await LanguageModel.train(text, {
      ...{ tokens: "word", splitPunctuation: false, vocabularySize: 10_000 },
      ...{ cell: "lstm", units: 200, embeddingUnits: 200, layers: 2 },
      ...{ batchSize: 20, sequenceLength: 20, optimizer: sgd({ learningRate: 1 }), clipNorm: 5 },
      ...{ schedule: (_step, epoch) => 0.5 ** Math.max(0, epoch - 3), steps: 3, seed: 1 },
    });
    expect(trained.trainedWith).toMatchObject({ units: 200, layers: 2, batchSize: 20, sequenceLength: 20, clipNorm: 5 });
    expect(trained.history.epochs.at(-1)?.loss).toBeLessThan(Math.log(trained.vocabulary.size) + 0.1);
  });
});

describe("options of words are refused", () => {
  const count = "must be a whole number of at least";
  it.each<[options: object, message: string]>([
    [{ tokens: "line" }, '`tokens` must be one of char, word, piece, received "line".'],
    [{ tokens: "word", minimumCount: 0 }, `\`minimumCount\` ${count} 1, received 0.`],
    [{ tokens: "word", vocabularySize: 1 }, `\`vocabularySize\` ${count} 2, received 1.`],
    [{ splitPunctuation: false }, '`splitPunctuation: false` is about words; set tokens: "word" too.'],
    [
      { tieEmbeddings: true, units: 8, embeddingUnits: 4 },
      "`tieEmbeddings` needs embeddingUnits equal to units (8), received 4; leave embeddingUnits out.",
    ],
    [{ optimizer: sgd(), learningRate: 1 }, "`learningRate` is Adam's; give it to the sgd in `optimizer` instead."],
  ])("%o", async (options, message) => {
    await expect(LanguageModel.train(text, options)).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: `LanguageModel.train: ${message}`,
    });
  });

  it("as a text of too few words is, in words", async () => {
    await expect(LanguageModel.train("a whale and another", { tokens: "word", sequenceLength: 4 })).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message:
        "LanguageModel.train: the text to train on must be longer than one sequence of 4 words, received 3; give more text, or set sequenceLength.",
    });
    await expect(model.evaluate("whale")).rejects.toMatchObject({ message: "text: at least 2 words are needed, received 1." });
  });
});
