import { beforeAll, describe, expect, it } from "vitest";
import type { LanguageModel } from "./language-model.js";
import type { GenerateOptions } from "./sampling.js";
import { trainSmall } from "./testing/trained-model.js";

let model: LanguageModel;
beforeAll(async () => {
  model = await trainSmall();
});

async function generated(prompt: string, options: GenerateOptions): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of model.generate(prompt, options)) pieces.push(piece);
  return pieces;
}

describe("generate", () => {
  it("gives `length` characters after the prompt, one by one, 200 where none is said", async () => {
    const pieces = await generated("whale ", { length: 30, seed: 1 });
    expect(pieces).toHaveLength(30);
    expect(pieces.every((piece) => [...piece].length === 1)).toBe(true);
    expect(await generated("whale ", { seed: 1 })).toHaveLength(200);
    expect(await generated("whale ", { length: 0 })).toEqual([]);
  });

  it("writes the words that it was taught", async () => {
    const words = (await generated("whale ", { length: 300, temperature: 0.5, seed: 1 })).join("").trim().split(/\s+/);
    const known = words.slice(0, -1).filter((word) => ["whale", "white", "water", "harpoon", "horizon", "ship"].includes(word));
    expect(known.length / (words.length - 1)).toBeGreaterThan(0.9);
  });

  it("gives the characters of sample, for all options", async () => {
    for (const options of [{}, { temperature: 0.7 }, { topK: 3 }, { topP: 0.8 }, { temperature: 0 }]) {
      const asked = { length: 50, seed: 3, ...options };
      expect((await generated("wh", asked)).join("")).toBe(model.sample("wh", asked));
    }
  });

  it("writes the same for the same seed, and something else for another or for none", () => {
    const sample = (options: GenerateOptions) => model.sample("wh", { length: 100, temperature: 1.5, ...options });
    expect(sample({ seed: 1 })).toBe(sample({ seed: 1 }));
    expect(sample({ seed: 2 })).not.toBe(sample({ seed: 1 }));
    expect(sample({})).not.toBe(sample({}));
  });

  it("always takes the likeliest character at temperature 0, with topK 1 and with a tiny topP", () => {
    const greedy = model.sample("wh", { length: 60, temperature: 0, seed: 1 });
    const stream = model.stream();
    stream.step("w");
    let logits = stream.step("h");
    const byHand = Array.from({ length: 60 }, () => {
      const index = logits.indexOf(Math.max(...logits.slice(1)), 1);
      const character = model.vocabulary.symbols[index] ?? "";
      logits = stream.step(character);
      return character;
    });
    expect(greedy).toBe(byHand.join(""));
    expect(model.sample("wh", { length: 60, topK: 1, seed: 2 })).toBe(greedy);
    expect(model.sample("wh", { length: 60, topP: 1e-9, seed: 3 })).toBe(greedy);
    expect(model.sample("wh", { length: 60, temperature: 1e-6, seed: 4 })).toBe(greedy);
  });

  it("begins after a line break where the prompt is empty", () => {
    expect(model.sample("", { length: 40, seed: 1 })).toBe(model.sample("\n", { length: 40, seed: 1 }));
  });

  it("reads all of the prompt, not its end alone", () => {
    expect(model.sample("wha", { length: 2, temperature: 0 })).toBe("le");
    expect(model.sample("wa", { length: 3, temperature: 0 })).toBe("ter");
    expect(model.sample("\nharp", { length: 3, temperature: 0 })).toBe("oon");
  });

  it("never writes the character that stands for unknown ones", () => {
    expect(model.sample("wh", { length: 2000, temperature: 100, seed: 1 })).not.toContain("\ufffd");
  });

  it("ends where its reader stops, and where its signal is aborted", async () => {
    const controller = new AbortController();
    const pieces: string[] = [];
    for await (const piece of model.generate("wh", { length: 100, signal: controller.signal })) {
      pieces.push(piece);
      if (pieces.length === 5) controller.abort();
    }
    expect(pieces).toHaveLength(5);
    expect(await generated("wh", { signal: AbortSignal.abort() })).toEqual([]);
    expect(model.sample("wh", { signal: AbortSignal.abort() })).toBe("");
  });

  it.each<[prompt: string, character: number, shown: string]>([
    ["whale Q", 7, '"Q"'],
    ["🐳", 1, '"🐳"'],
    ["w🐳Q", 2, '"🐳"'],
    ["w\ud83d", 2, '"\\ud83d"'],
  ])("refuses a prompt with a character that it doesn't know, naming it: %j", async (prompt, character, shown) => {
    const error = {
      code: "UNROLLED_VALUE",
      message:
        `generate: character ${character} of the prompt, ${shown}, is not among the ${model.vocabulary.size - 1} that the model ` +
        "knows; leave it out.",
    };
    await expect(generated(prompt, {})).rejects.toMatchObject(error);
    expect(() => model.sample(prompt)).toThrow(expect.objectContaining(error));
  });

  it.each<[options: object, message: string]>([
    [{ length: -1 }, "generate: `length` must be a whole number of at least 0, received -1."],
    [{ length: 1.5 }, "generate: `length` must be a whole number of at least 0, received 1.5."],
    [{ temperature: -1 }, "generate: `temperature` must be a finite number of at least 0, received -1."],
    [{ temperature: Number.NaN }, "generate: `temperature` must be a finite number of at least 0, received NaN."],
    [{ topK: 0 }, "generate: `topK` must be a whole number of at least 1, received 0."],
    [{ topP: 0 }, "generate: `topP` must be above 0 and at most 1, received 0."],
    [{ topP: 1.1 }, "generate: `topP` must be above 0 and at most 1, received 1.1."],
    [{ seed: 0.5 }, "seed: expected a whole number from 0 to 9007199254740991, received 0.5."],
    [{ prompt: "x" }, "generate: there is no option `prompt`; the options are length, temperature, topK, topP, seed, signal."],
  ])("refuses options that are unknown or out of range: %j", async (options, message) => {
    await expect(generated("wh", options)).rejects.toMatchObject({ code: "UNROLLED_VALUE", message });
    expect(() => model.sample("wh", options)).toThrow(message);
  });
});

describe("stream", () => {
  it("reads one character at a time and can go back to where it was", () => {
    const stream = model.stream();
    stream.step("w");
    const state = stream.state;
    const logits = stream.step("h");
    expect(logits).toHaveLength(model.vocabulary.size);
    stream.step("a");
    stream.state = state;
    expect(stream.step("h")).toEqual(logits);
    stream.reset();
    stream.step("w");
    expect(stream.step("h")).toEqual(logits);
    const out = new Float32Array(model.vocabulary.size);
    stream.state = state;
    expect(stream.step("h", out)).toBe(out);
    expect(out).toEqual(logits);
  });

  it("knows how a word goes on", () => {
    const stream = model.stream();
    const logits = [..."harpoo"].map((character) => [...stream.step(character)]).at(-1) ?? [];
    expect(model.vocabulary.symbols[logits.indexOf(Math.max(...logits))]).toBe("n");
  });

  it("takes a character that the model doesn't know as unknown", () => {
    const [one, other] = [model.stream(), model.stream()];
    expect(one.step("Q")).toEqual(other.step("\ufffd"));
  });

  it.each(["", "wh"])("refuses what is not one character: %j", (characters) => {
    expect(() => model.stream().step(characters)).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: `stream: expected one character, received ${JSON.stringify(characters)}.`,
      }),
    );
  });
});
