import { describe, expect, it } from "vitest";
import { configure } from "../../engine/current.js";
import { loadModel } from "../load-model.js";
import { attentionSvg } from "../writing/attention-svg.js";
import type { TranslatorExample } from "./examples.js";
import { nearestExample } from "./nearest-example.js";
import type { TranslatorOptions } from "./options.js";
import { Translator } from "./translator.js";

// other tests run meanwhile, and threads that wait for each other would wait for them
await configure({ threads: 1 });

const WORDS = ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"];
const examples = Array.from({ length: 600 }, (_, n): TranslatorExample => {
  const digits = Array.from(String((n * 7919) % 1000));
  return { source: digits.join(" "), target: digits.map((digit) => WORDS[Number(digit)]).join(" ") };
});
const [training, test] = [examples.slice(0, 500), examples.slice(500)];
const SMALL = {
  ...{ units: 32, embeddingUnits: 16, dropout: 0, batchSize: 16, learningRate: 0.01, minimumCount: 1, seed: 1 },
} satisfies TranslatorOptions;
const trained = Translator.train(training, { ...SMALL, epochs: 14 });

function weightsOf({ network }: Translator): string[] {
  return Array.from(network.stateDict(), ([name, { data }]) => `${name} ${data.join()}`);
}

async function* lazily<E>(all: readonly E[]): AsyncGenerator<E> {
  for (const example of all) yield await Promise.resolve(example);
}

describe("Translator", () => {
  it("learns what each word becomes, far above the nearest training example", async () => {
    const { exactMatch, chrF, wordError, loss, perplexity } = await (await trained).evaluate(test);
    expect(exactMatch).toBeGreaterThan(0.9);
    expect(chrF).toBeGreaterThan(90);
    expect(wordError).toBeLessThan(0.1);
    expect(perplexity).toBeCloseTo(Math.exp(loss), 9);
    const nearest = await nearestExample([
      { source: "1 2", target: "x" },
      { source: "7 8 9", target: "y" },
    ]);
    expect(nearest.predict("8 9")).toBe("y");
  });

  it("measures texts from elsewhere as its own: in lower case where it writes no other", async () => {
    const data = training.map(({ source, target }) => ({ source, target: `${target}!`.toUpperCase() }));
    const split = { ...SMALL, epochs: 1, lowerCase: true, splitPunctuation: false };
    const spaced = await Translator.train(data.slice(0, 40), split);
    const [answers, right] = [["Eins zwei drei vier!"], ["eins ZWEI drei vier."]];
    expect(spaced.measure(right, ["EINS zwei drei vier."])).toMatchObject({ exactMatch: 1, wordError: 0 });
    expect(spaced.measure(right, ["EINS zwei drei vier."]).bleu).toBeCloseTo(100, 9);
    expect(spaced.measure(answers, right).wordError).toBe(0.25);
    expect((await trained).measure(answers, right).wordError).toBe(0.75);
    // marks are left on their words: 3 of 4 words are right, 2 of 3 pairs, 1 of 2 triples, and of none of four half a one
    expect(spaced.measure(answers, right).bleu).toBeCloseTo(100 * ((3 / 4) * (2 / 3) * (1 / 2) * (1 / 2)) ** (1 / 4), 9);
  });

  it("gives a text the same answer alone and among others, and a beam no lower score than greedy search", async () => {
    const translator = await trained;
    const sources = test.slice(0, 6).map(({ source }) => source);
    const [greedy, wide] = [await translator.predict(sources, { beam: 1 }), await translator.predict(sources, { beam: 5 })];
    for (const [place, source] of sources.entries()) {
      expect((await translator.predict(source, { beam: 1 })).text).toBe(greedy[place]?.text);
      expect((await translator.predict(source, { beam: 5 })).text).toBe(wide[place]?.text);
      expect(wide[place]?.score).toBeGreaterThanOrEqual((greedy[place]?.score as number) - 1e-5);
    }
  });

  it("writes as it decides, what greedy search gives, and stops where it is told to", async () => {
    const translator = await trained;
    let text = "";
    let pieces = 0;
    for await (const piece of translator.stream("4 0 7")) {
      text += piece;
      pieces++;
    }
    expect(text).toBe((await translator.predict("4 0 7", { beam: 1 })).text);
    expect(pieces).toBeGreaterThan(1);
    const stopped = translator.stream("4 0 7", { signal: AbortSignal.abort(new Error("enough")) });
    await expect(stopped.next()).rejects.toThrow("enough");
  });

  it("tells what was read for each word, and draws it", async () => {
    const translation = await (await trained).predict("3 5", { beam: 3, nBest: 2 });
    expect(translation.sourceTokens).toEqual(["3", "5", ""]);
    expect(translation.attention.length).toBe(translation.tokens.length);
    for (const row of translation.attention) expect(row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    expect(translation.alternatives.length).toBe(1);
    expect(attentionSvg(translation)).toMatch(/^<svg .*<rect .*<\/svg>\n$/s);
  });

  it("writes as much as it has learned to write, however short the source is", async () => {
    const [one, other] = ["a", "b"].map((letter) => Array.from({ length: 24 }, (_, place) => `${letter}${place}`).join(" "));
    const data = Array.from({ length: 32 }, (_, n) => ({
      source: ["x", "y"][n % 2] as string,
      target: [one, other][n % 2] as string,
    }));
    const translator = await Translator.train(data, { ...SMALL, epochs: 30, batchSize: 4 });
    expect(translator.trainedWith.longestText).toBe(25);
    expect((await translator.predict(["x", "y"])).map(({ text }) => text)).toEqual([one, other]);
    expect((await translator.predict("x", { maxLength: 2 })).text).toBe("a0 a1");
  });

  it("saved and loaded it answers alike", async () => {
    const translator = await trained;
    const files = new Map<string, Uint8Array>();
    await translator.save(files);
    expect(new TextDecoder().decode(files.get("README.md"))).toContain(
      "Reads a text by words, of which it knows 10, and writes another by words, of which it knows 10: one layer of LSTM",
    );
    const again = await loadModel(files);
    if (again.task !== "translator") throw new Error(again.task);
    expect(weightsOf(again)).toEqual(weightsOf(translator));
    expect(await again.predict("9 1")).toEqual(await translator.predict("9 1"));
  });

  it.each([
    ["units of which no direction can have half", "units", 31, "`units` must be a whole number"],
    ["options that exclude each other", "attention", "bahdanau", "`inputFeeding` has no place"],
  ])("saved and damaged it is refused, naming the file: %s", async (_, name, value, message) => {
    const files = new Map<string, Uint8Array>();
    await (await trained).save(files);
    const config = JSON.parse(new TextDecoder().decode(files.get("config.json")));
    config.trainedWith[name] = value;
    files.set("config.json", new TextEncoder().encode(JSON.stringify(config)));
    const failure: unknown = await loadModel(files).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "UNROLLED_FILE", message: expect.stringContaining(message) });
    expect(failure).toMatchObject({ message: expect.stringContaining("config.json: ") });
  });

  it("goes on from a checkpoint to the weights of an unbroken training, with scheduled sampling", async () => {
    const options = { ...SMALL, units: 8, embeddingUnits: 8, epochs: 2, scheduledSampling: 0.5 };
    const checkpoints = new Map<string, Uint8Array>();
    const unbroken = await Translator.train(training.slice(0, 100), options);
    await Translator.train(training.slice(0, 100), { ...options, checkpoints, steps: 7 });
    const resumed = await Translator.train(training.slice(0, 100), { ...options, checkpoints, resume: true });
    expect(weightsOf(resumed)).toEqual(weightsOf(unbroken));
    const { epochs: _, ...endless } = { ...options, steps: 14 };
    expect(weightsOf(await Translator.train(training.slice(0, 100), endless))).not.toEqual(
      weightsOf(await Translator.train(training.slice(0, 100), { ...endless, scheduledSampling: 0 })),
    );
    expect(weightsOf(await Translator.train(training.slice(0, 100), { ...options, scheduledSampling: 0 }))).not.toEqual(
      weightsOf(unbroken),
    );
  });

  it("reads examples that a function gives, by characters and by pieces", async () => {
    const small = { ...SMALL, units: 8, embeddingUnits: 8, epochs: 1 };
    const data = () => lazily(training.slice(0, 60));
    for (const tokens of ["char", "piece"] as const) {
      const translator = await Translator.train(data, { ...small, tokens, attention: "bahdanau", cell: "gru", layers: 2 });
      expect(typeof (await translator.predict("1 2")).text).toBe("string");
    }
  });

  it("copies a word that it doesn't know from where it read most", async () => {
    const named = training.map(({ source, target }, n) => ({ source: `${source} N${n}`, target: `${target} N${n}` }));
    const translator = await Translator.train(named, { ...SMALL, minimumCount: 2, epochs: 6 });
    expect((await translator.predict("1 2 Zorabel")).text).toMatch(/Zorabel$/);
  });

  it("writes no unknown word where there is no word to copy", async () => {
    const named = training.slice(0, 120).map(({ source }, n) => ({ source, target: `once${n} twice${n} again` }));
    const translator = await Translator.train(named, { ...SMALL, minimumCount: 2, sourceTokens: "char", epochs: 2 });
    expect((await translator.predict("1 2")).text).not.toContain("<unk>");
  });

  it("streams characters that several pieces make up", async () => {
    const signs = ["日", "本", "語", "人", "é", "🎉"];
    const data = Array.from({ length: 48 }, (_, n) => ({ source: `${n % 6} x`, target: `${signs[n % 6]}${signs[(n + 1) % 6]}` }));
    const targetTokens = { targetTokens: "piece", vocabularySize: 257 } as const;
    const translator = await Translator.train(data, { ...SMALL, ...targetTokens, epochs: 12, batchSize: 8 });
    for (const { source } of data.slice(0, 6)) {
      let text = "";
      for await (const piece of translator.stream(source)) text += piece;
      expect(text).toBe((await translator.predict(source, { beam: 1 })).text);
    }
  });

  it.each<[TranslatorOptions, RegExp]>([
    [{ tokens: "char", splitPunctuation: false }, /`splitPunctuation: false` is about words; set tokens: "word" too/],
    [{ units: 7 }, /`units` must be even/],
    [{ tokens: "line" as never }, /must be one of char, word, piece/],
    [{ labelSmoothing: 1 }, /`labelSmoothing` must be from 0 to below 1/],
    [{ beam: 3 } as never, /there is no option `beam`/],
  ])("refuses %j", async (options, message) => {
    await expect(Translator.train(training, options)).rejects.toThrow(message);
  });

  it("says which example is none", async () => {
    await expect(Translator.train([{ source: "a", target: " " }], SMALL)).rejects.toThrow(/at least 2 examples/);
    const two = [
      { source: "a", target: "b" },
      { source: "a", target: 3 as never },
      { source: "a", target: "b" },
    ];
    await expect(Translator.train(two, { ...SMALL, validation: 0.5 })).rejects.toThrow(
      /`target` must be a text that is not empty/,
    );
    await expect((await trained).predict(" ")).rejects.toThrow(/the text must be a text that is not empty/);
    await expect((await trained).predict(null as never)).rejects.toThrow(
      "Translator.predict: the text must be a text that is not empty, received null.",
    );
    await expect((await trained).predict("1", { beam: 2, nBest: 3 })).rejects.toThrow(/set a wider beam/);
    await expect((await trained).evaluate([])).rejects.toThrow(/at least one example/);
  });
});
