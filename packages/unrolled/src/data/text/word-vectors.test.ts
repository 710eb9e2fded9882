import { describe, expect, it } from "vitest";
import { Vocabulary } from "./vocabulary.js";
import { vectorsOf } from "./word-vectors.js";

const vocabulary = Vocabulary.of("The whale and the kraken", { tokens: "word" });

describe("vectorsOf", () => {
  it("finds the vector of each word, as it stands or else in lower case, and says how many there are", () => {
    const the = Float32Array.of(1, 2);
    const whale = Float32Array.of(3, 4);
    const found = vectorsOf(
      vocabulary,
      new Map([
        ["the", the],
        ["whale", whale],
        ["sea", Float32Array.of(9)],
      ]),
      "task",
    );
    expect(found).toEqual({
      vectors: new Map([
        [vocabulary.indexOf("The"), the],
        [vocabulary.indexOf("the"), the],
        [vocabulary.indexOf("whale"), whale],
      ]),
      units: 2,
      found: 3,
      words: 5,
    });
  });

  it.each<[what: string, vectors: [string, number[]][], message: string]>([
    [
      "vectors of unequal length",
      [
        ["the", [1, 2]],
        ["whale", [1]],
      ],
      'task: `wordVectors` must all have as many finite numbers, 2 of them, received 1 for "whale".',
    ],
    [
      "vectors that are not finite",
      [["whale", [1, Number.NaN]]],
      'task: `wordVectors` must all have as many finite numbers, 2 of them, received 2 for "whale", some not finite.',
    ],
    [
      "no vectors",
      [["mer", [1]]],
      'task: `wordVectors` has none of the 5 words, such as "The"; give vectors of the text\'s language.',
    ],
  ])("refuses %s", (_what, vectors, message) => {
    const given = new Map(vectors.map(([word, values]) => [word, Float32Array.from(values)]));
    expect(() => vectorsOf(vocabulary, given, "task")).toThrow(expect.objectContaining({ code: "UNROLLED_DATA", message }));
  });

  it("refuses characters", () => {
    expect(() => vectorsOf(Vocabulary.of("ab"), new Map(), "task")).toThrow(
      expect.objectContaining({ code: "UNROLLED_VALUE", message: 'task: `wordVectors` are for words; set tokens: "word" too.' }),
    );
  });
});
