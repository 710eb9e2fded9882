import { describe, expect, it } from "vitest";
import { trainPieces } from "../../data/text/pieces/train-pieces.js";
import { configure } from "../../engine/current.js";
import { readTokenizer } from "../../files/tokenizer-json/read.js";
import { RandomStream } from "../../tensor/random.js";
import type { TaggerExample } from "./examples.js";
import type { TaggerOptions } from "./options.js";
import { Tagger } from "./tagger.js";

// other tests run meanwhile, and threads that wait for each other would wait for them
await configure({ threads: 1 });

/** Words that are made up anew, each with an ending that tells its tag. */
function examples(count: number, seed: number): TaggerExample[] {
  const random = new RandomStream(seed, "sampling");
  const one = (items: readonly string[]) => items[random.integer(items.length)] as string;
  const stem = () => Array.from({ length: 3 }, () => one(["ba", "do", "ki", "lu", "me", "no"])).join("");
  const endings = ["ing", "ed", "ness"];
  return Array.from({ length: count }, () => {
    const tags = Array.from({ length: 1 + random.integer(4) }, () => one(endings));
    return { tokens: tags.map((ending) => stem() + ending), tags };
  });
}

const training = examples(150, 1);
const test = examples(60, 2);
const options: TaggerOptions = {
  ...{ units: 8, wordUnits: 4, characterUnits: 8, dropout: 0, batchSize: 16, learningRate: 0.02, epochs: 8, seed: 1 },
};
const trained = Tagger.train(training, { ...options, spelling: "pieces", vocabularySize: 320 });

async function filesOf(tagger: Tagger): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  await tagger.save(files);
  return files;
}

const piecesOf = (files: Map<string, Uint8Array>) =>
  readTokenizer(files.get("tokenizer.json") ?? new Uint8Array(), "tokenizer.json").pieces;

describe("Tagger with pieces of words", () => {
  it("knows by its pieces a word that was not in training, which the word alone doesn't tell", async () => {
    const { accuracy, unknown, tokens } = await (await trained).evaluate(test);
    expect(unknown).toBeGreaterThan(0.8 * tokens);
    expect(accuracy).toBeGreaterThan(0.97);
    const alone = await Tagger.train(training, { ...options, characterUnits: 0 });
    expect(alone.trainedWith).toMatchObject({ spelling: "none", characterUnits: 0 });
    expect((await alone.evaluate(test)).accuracy).toBeLessThan(0.6);
  });

  it("learns them from the training data's words, as they stand behind a space: frequent endings are one piece", async () => {
    const pieces = piecesOf(await filesOf(await trained));
    expect(pieces.length).toBe(319);
    for (const piece of ["ing", "ed", "ness", "Ġba"]) expect(pieces).toContain(piece);
  });

  it("is the same after saving and loading, with its pieces in a tokenizer.json", async () => {
    const tagger = await trained;
    const files = await filesOf(tagger);
    expect([...files.keys()].sort()).toEqual([
      ...["README.md", "config.json", "history.jsonl", "model.safetensors", "tokenizer.json", "vocabulary.json"],
    ]);
    const again = await Tagger.load(files);
    expect(again.trainedWith).toEqual(tagger.trainedWith);
    const sentences = [...test.map(({ tokens }) => tokens), ["", " ", "\ud800"].map((token) => `x${token}`)];
    expect(await again.predict(sentences)).toEqual(await tagger.predict(sentences));
    expect(new TextDecoder().decode(files.get("README.md"))).toContain("words and the pieces in them");
    files.delete("tokenizer.json");
    await expect(Tagger.load(files)).rejects.toMatchObject({ code: "UNROLLED_FILE" });
  });

  it("takes pieces that were learned elsewhere", async () => {
    const tokenizer = trainPieces("the making and the kindness of the baked".repeat(20), { size: 280 });
    const tagger = await Tagger.train(training, { ...options, spelling: "pieces", tokenizer, epochs: 1 });
    expect(piecesOf(await filesOf(tagger))).toEqual(tokenizer.pieces);
  });

  it("reads a word as unknown whose pieces are none", async () => {
    const { rules } = trainPieces("a", { size: 256 });
    const model = { type: "BPE", vocab: Object.fromEntries(rules.pieces.map((piece, id) => [piece, id])), merges: [] };
    const file = { model, pre_tokenizer: { type: "WhitespaceSplit" }, normalizer: null, decoder: null, added_tokens: [] };
    const tokenizer = readTokenizer(new TextEncoder().encode(JSON.stringify(file)), "tokenizer.json");
    const tagger = await Tagger.train(training, { ...options, spelling: "pieces", tokenizer, steps: 1 });
    expect(tokenizer.encode("  ")).toHaveLength(0);
    expect((await tagger.predict(["a", " "])).tags).toHaveLength(2);
  });

  it("doesn't go on from a checkpoint of other pieces", async () => {
    const checkpoints = new Map<string, Uint8Array>();
    const few = { ...options, spelling: "pieces", epochs: 2, checkpoints } as const;
    await Tagger.train(training, { ...few, vocabularySize: 300, steps: 2 });
    await expect(Tagger.train(training, { ...few, vocabularySize: 310, resume: true })).rejects.toThrow("data was ");
    await expect(Tagger.train(training, { ...few, spelling: "characters", resume: true })).rejects.toThrow("spelling was pieces");
  });

  it.each<[what: string, options: TaggerOptions, message: string]>([
    ["another spelling", { spelling: "letters" as "pieces" }, "`spelling` must be one of characters, pieces, none"],
    [
      "units that read nothing",
      { spelling: "none", characterUnits: 5 },
      '`characterUnits` read a word\'s characters or pieces, received 5 with spelling none; leave spelling: "none" out.',
    ],
    [
      "nothing to read pieces",
      { spelling: "pieces", characterUnits: 0 },
      "`characterUnits` read a word's characters or pieces, received 0 with spelling pieces; leave characterUnits: 0 out.",
    ],
    ["a size of no pieces", { vocabularySize: 300 }, '`vocabularySize` is about pieces; set spelling: "pieces" too.'],
    ["too few pieces", { spelling: "pieces", vocabularySize: 256 }, "`vocabularySize` must be a whole number of at least 257"],
    [
      "a tokenizer of no pieces",
      { tokenizer: trainPieces("a", { size: 256 }) },
      '`tokenizer` is about pieces; set spelling: "pieces" too.',
    ],
    [
      "a tokenizer and a size",
      { spelling: "pieces", tokenizer: trainPieces("a", { size: 256 }), vocabularySize: 300 },
      "`tokenizer` has learned its pieces already; leave vocabularySize out.",
    ],
    [
      "what is no tokenizer",
      { spelling: "pieces", tokenizer: {} as never },
      "`tokenizer` must be what trainPieces or readTokenizer gives, received object.",
    ],
  ])("refuses %s", async (_what, given, message) => {
    await expect(Tagger.train(training, given)).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: expect.stringContaining(`Tagger.train: ${message}`),
    });
  });
});
