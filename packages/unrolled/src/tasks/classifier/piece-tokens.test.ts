import { describe, expect, it } from "vitest";
import { trainPieces } from "../../data/text/pieces/train-pieces.js";
import { readTokenizer } from "../../files/tokenizer-json/read.js";
import { Classifier } from "./classifier.js";
import type { ClassifierExample } from "./examples.js";

/** Words whose ending tells the class, and whose beginning doesn't: no word stands twice. */
const STEMS = ["ka", "lo", "mi", "tu", "se", "ra", "no", "vi"];
const examples: ClassifierExample[] = STEMS.flatMap((first) =>
  STEMS.flatMap((second) => [
    { input: `the ${first}${second}ing 🐳`, label: "doing" },
    { input: `the ${first}${second}ness 🐳`, label: "being" },
  ]),
);

describe("a classifier of pieces", () => {
  it("learns pieces from the training texts alone, tells classes apart by them, and is the same after saving and loading", async () => {
    const options = { tokens: "piece", vocabularySize: 300, units: 8, epochs: 12, learningRate: 0.02, seed: 1 } as const;
    const model = await Classifier.train(examples, options);
    const unseen = ["the kakakaing 🐳", "the lolololness 🐳"];
    expect((await model.predict(unseen)).map(({ label }) => label)).toEqual(["doing", "being"]);
    const { parts } = await model.explain(unseen[0] ?? "");
    expect(parts.map(({ part }) => part).join("")).toBe(unseen[0]);

    const files = new Map<string, Uint8Array>();
    await model.save(files);
    expect([...files.keys()]).toContain("tokenizer.json");
    expect([...files.keys()]).not.toContain("vocabulary.json");
    expect(new TextDecoder().decode(files.get("README.md"))).toContain("read as pieces of which");
    const again = await Classifier.load(files);
    expect(await again.predict(unseen)).toEqual(await model.predict(unseen));
  });

  it("takes pieces that were learned elsewhere", async () => {
    const tokenizer = trainPieces("the making and the kindness of the baked".repeat(20), { size: 280 });
    const model = await Classifier.train(examples, { tokens: "piece", tokenizer, units: 4, steps: 1, seed: 1 });
    const files = new Map<string, Uint8Array>();
    await model.save(files);
    const saved = readTokenizer(files.get("tokenizer.json") ?? new Uint8Array(), "tokenizer.json");
    expect(saved.pieces).toEqual(tokenizer.pieces);
  });

  it("refuses a tokenizer where it reads no pieces, or is told how to learn them", async () => {
    const tokenizer = trainPieces("a", { size: 256 });
    const refused = (message: string) => ({ code: "UNROLLED_VALUE", message: `Classifier.train: ${message}` });
    await expect(Classifier.train(examples, { tokenizer })).rejects.toMatchObject(
      refused('`tokenizer` is about pieces; set tokens: "piece" too.'),
    );
    await expect(Classifier.train(examples, { tokens: "piece", tokenizer, minimumCount: 3 })).rejects.toMatchObject(
      refused("`tokenizer` has learned its pieces already; leave minimumCount and vocabularySize out."),
    );
  });

  it("refuses a vocabulary smaller than the bytes", async () => {
    await expect(Classifier.train(examples, { tokens: "piece", vocabularySize: 100 })).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: "Classifier.train: `vocabularySize` must be a whole number of at least 257, received 100.",
    });
  });
});
