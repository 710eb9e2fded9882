import { describe, expect, it } from "vitest";
import { configure } from "../engine/current.js";
import type { ModelStore } from "../files/store.js";
import type { Tensor } from "../tensor/tensor.js";
import { Classifier } from "./classifier/classifier.js";
import type { ClassifierOptions } from "./classifier/options.js";
import { filmTalk } from "./classifier/testing/film-talk.js";
import { loadModel } from "./load-model.js";
import type { TaggerOptions } from "./tagger/options.js";
import { Tagger } from "./tagger/tagger.js";
import { sentences } from "./tagger/testing/sentences.js";
import type { GivenWordVectors, TrainedWordVectors } from "./word-vectors.js";

// other tests run meanwhile, and threads that wait for each other would wait for them
await configure({ threads: 1 });

/** What both tasks are told here. */
interface Told extends GivenWordVectors {
  readonly epochs?: number;
  readonly steps?: number;
  readonly checkpoints?: ModelStore | Map<string, Uint8Array>;
  readonly resume?: boolean;
  readonly onNotice?: (notice: string) => void;
}

interface Trained {
  readonly trainedWith: TrainedWordVectors;
  readonly network: { stateDict(): Map<string, Tensor> };
  save(store: Map<string, Uint8Array>): Promise<void>;
}

interface Reading {
  readonly name: string;
  /** Its option for the features of a word's vector. */
  readonly units: string;
  /** The parameter that holds them. */
  readonly weight: string;
  /** Two words of the data, the more frequent one first. */
  readonly words: readonly [string, string];
  train(options: Told & { readonly [name: string]: unknown }): Promise<Trained>;
}

const classifier = (tokens: "word" | "both"): Reading => ({
  name: `Classifier of ${tokens === "word" ? "words" : "words and characters"}`,
  units: "embeddingUnits",
  weight: tokens === "word" ? "0.weight" : "0.words.weight",
  words: ["not", "film"],
  train: (options) =>
    Classifier.train(filmTalk(100, 1), {
      ...{ tokens, units: 4, ...(tokens === "both" ? { characterUnits: 3 } : {}), seed: 1 },
      ...(options as ClassifierOptions),
    }),
});

const tagger = (characterUnits: number): Reading => ({
  name: `Tagger of words${characterUnits > 0 ? " and characters" : ""}`,
  units: "wordUnits",
  weight: characterUnits > 0 ? "0.words.weight" : "0.weight",
  words: ["the", "sees"],
  train: (options) => Tagger.train(sentences(100, 1), { units: 4, characterUnits, seed: 1, ...options } as TaggerOptions),
});

const readings = [classifier("word"), classifier("both"), tagger(3), tagger(0)];

describe.each(readings)("$name that begins with word vectors", ({ units, weight, words, train }) => {
  const [one, other] = words;
  const wordVectors = new Map([
    [one, Float32Array.of(1, -1, 0.5)],
    [other, Float32Array.of(0.25, 2, -0.5)],
    ["kraken", Float32Array.of(9, 9, 9)],
  ]);

  /** The vectors of the two words. */
  async function vectorsOf(model: Trained): Promise<number[][]> {
    const files = new Map<string, Uint8Array>();
    await model.save(files);
    const { words: known, symbols = known } = JSON.parse(new TextDecoder().decode(files.get("vocabulary.json")));
    const rows = model.network.stateDict().get(weight)?.toArray() as number[][];
    return words.map((word) => rows[symbols.indexOf(word)] as number[]);
  }

  it("tunes them, as many numbers a word as they have, and tells how many were found", async () => {
    const notices: string[] = [];
    const model = await train({ wordVectors, steps: 2, onNotice: (notice) => notices.push(notice) });
    expect(notices).toEqual([expect.stringMatching(/^Vectors were found for 2 of \d+ words\.$/)]);
    expect(model.trainedWith).toMatchObject({ [units]: 3, wordsWithVectors: 2, freezeWordVectors: false });
    const vectors = await vectorsOf(model);
    expect(vectors).not.toEqual([
      [1, -1, 0.5],
      [0.25, 2, -0.5],
    ]);
    for (const [place, vector] of [wordVectors.get(one), wordVectors.get(other)].entries()) {
      for (const [k, value] of (vector ?? []).entries()) expect(vectors[place]?.[k]).toBeCloseTo(value, 1);
    }
  });

  it("leaves them as they are with freezeWordVectors, also after loading, and trains all else", async () => {
    const model = await train({ wordVectors, freezeWordVectors: true, steps: 2 });
    expect(await vectorsOf(model)).toEqual([
      [1, -1, 0.5],
      [0.25, 2, -0.5],
    ]);
    const before = await train({ wordVectors, freezeWordVectors: true, steps: 1 });
    const weights = before.network.stateDict();
    const changed = Array.from(model.network.stateDict(), ([name, { data }]) => [
      name,
      data.some((value, k) => value !== weights.get(name)?.data[k]),
    ]);
    expect(changed.filter(([, isOther]) => !isOther).map(([name]) => name)).toEqual([weight]);
    const files = new Map<string, Uint8Array>();
    await model.save(files);
    const again = await loadModel(files);
    expect(again.trainedWith).toEqual(model.trainedWith);
    expect(again.network.parameters.map(({ trainable }) => trainable)).toEqual([false, ...Array(changed.length - 1).fill(true)]);
  });

  it("doesn't go on from a checkpoint that began with others", async () => {
    const checkpoints = new Map<string, Uint8Array>();
    await train({ wordVectors, checkpoints, steps: 1 });
    const others = new Map([...wordVectors].map(([word, vector]) => [word, vector.map((value) => 2 * value)]));
    await expect(train({ wordVectors: others, checkpoints, resume: true, steps: 2 })).rejects.toMatchObject({
      message: expect.stringContaining("wordVectors was "),
    });
  });

  it.each<[what: string, options: Told & { readonly [name: string]: unknown }, code: string, message: string]>([
    ["to freeze what isn't there", { freezeWordVectors: true }, "UNROLLED_VALUE", "`freezeWordVectors` needs `wordVectors`."],
    [
      "no vectors",
      { wordVectors: new Map() },
      "UNROLLED_VALUE",
      "`wordVectors` must be a Map with at least one word, received an empty one.",
    ],
    [
      "what is no Map",
      { wordVectors: { the: [1] } as unknown as Map<string, Float32Array> },
      "UNROLLED_VALUE",
      "`wordVectors` must be a Map with at least one word, received object.",
    ],
    [
      "vectors of another length than it is to have",
      { wordVectors, [units]: 8 },
      "UNROLLED_VALUE",
      `\`${units}\` must be 3, as many as \`wordVectors\` have, received 8; leave ${units} out.`,
    ],
    [
      "vectors of unequal length",
      { wordVectors: new Map([...wordVectors, [other, Float32Array.of(1)]]) },
      "UNROLLED_DATA",
      `\`wordVectors\` must all have as many finite numbers, 3 of them, received 1 for "${other}".`,
    ],
    [
      "vectors of another language",
      { wordVectors: new Map([["mer", Float32Array.of(1)]]) },
      "UNROLLED_DATA",
      "`wordVectors` has none of the ",
    ],
  ])("refuses %s", async (_what, options, code, message) => {
    await expect(train(options)).rejects.toMatchObject({ code, message: expect.stringContaining(`.train: ${message}`) });
  });
});

describe("Classifier without words", () => {
  const wordVectors = new Map([["film", Float32Array.of(1, 2)]]);

  it.each(["char", "piece"] as const)("refuses word vectors where it reads by %s", async (tokens) => {
    await expect(Classifier.train(filmTalk(20, 1), { tokens, wordVectors })).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: 'Classifier.train: `wordVectors` are for words; set tokens: "word" or "both" too.',
    });
  });

  it("refuses them where inputs are no texts", async () => {
    const walks = [1, 2, 3, 4].map((value) => ({ input: [value, value], label: value % 2 === 0 ? "even" : "odd" }));
    await expect(Classifier.train(walks, { wordVectors, validation: walks })).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: "Classifier.train: `wordVectors` is for texts, and the inputs are sequences; leave it out.",
    });
  });
});

describe("Tagger with word vectors", () => {
  it("knows a word that stands but once, since its vector may tell of it", async () => {
    const examples = [
      { tokens: ["whales", "swim"], tags: ["N", "V"] },
      { tokens: ["ships", "swim"], tags: ["N", "V"] },
    ];
    const options = { units: 2, steps: 1, validation: examples, wordVectors: new Map([["ships", Float32Array.of(1)]]) };
    const known = async (more: TaggerOptions) =>
      (await (await Tagger.train(examples, { ...options, ...more })).evaluate(examples)).unknown;
    expect(await known({})).toBe(0);
    await expect(known({ minimumCount: 2 })).rejects.toThrow("`wordVectors` has none of the 1 words");
  });
});
