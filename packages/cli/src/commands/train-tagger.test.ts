import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sentences } from "../testing/small-data.js";
import { unrolled } from "../testing/unrolled.js";

let place = "";
const at = (name: string) => join(place, name);
const small = ["--units", "8", "--word-units", "8", "--character-units", "4", "--learning-rate", "0.02", "--seed", "7"];
const train = (data: string, out: string, ...args: string[]) =>
  unrolled("train", "tagger", at(data), "--out", at(out), ...small, ...args);

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "unrolled-tagger-"));
  await writeFile(at("names.conll"), sentences(100));
});
afterAll(async () => {
  await rm(place, { recursive: true });
});

describe("unrolled train tagger", () => {
  it("tells how the model does beside each word's most frequent tag, and of each type of entity", async () => {
    const trained = await train("names.conll", "told", "--epochs", "20");
    expect(trained.code).toBe(0);
    expect(trained.messages).toContain('input "tokens" (tokens); target "tags" (tokens).\n');
    expect(trained.messages).toContain("Training on 80 sentences, validating on 10, testing on 10.\n");
    expect(trained.messages).toMatch(/validation accuracy \d\.\d{3} .*sentences\/s/);
    expect(trained.results).toMatch(/^Test, 50 tokens +accuracy +f1 +loss\n {2}LSTM, 8 \+ 8 units, random field +1\.000 +1\.000/);
    expect(trained.results).toMatch(/^ {2}each word's most frequent tag +1\.000 +1\.000$/m);
    expect(trained.results).toMatch(/^Entities +precision +recall +f1 +support\n {2}(LOC|PER) +1\.000 +1\.000 +1\.000 +10$/m);
    expect(trained.results).toContain(`unrolled predict ${at("told")} 'A sentence of yours.'`);
  });

  it("gives one JSON object and nothing else as its results with --json", async () => {
    const trained = await train("names.conll", "json", "--epochs", "1", "--json");
    expect(trained.results).toMatch(/^\{.*\}\n$/);
    const metrics = { accuracy: expect.any(Number), f1: expect.any(Number), loss: expect.any(Number) };
    expect(JSON.parse(trained.results)).toMatchObject({
      task: "tagger",
      epochs: 1,
      metrics: { train: { loss: expect.any(Number), accuracy: expect.any(Number) }, validation: metrics, test: metrics },
      baseline: { mostFrequentTag: { accuracy: 1, f1: 1 } },
      interrupted: false,
      model: at("json"),
    });
  });

  it("trains what the options say", async () => {
    const options = ["--cell", "gru", "--layers", "2", "--no-bidirectional", "--no-crf", "--dropout", "0.25", "--batch", "4"];
    const more = ["--word-dropout", "0.1", "--minimum-count", "1", "--no-lower-case", "--epochs", "1", "--patience", "2"];
    expect((await train("names.conll", "options", ...options, ...more)).code).toBe(0);
    const { trainedWith } = JSON.parse(await readFile(join(at("options"), "config.json"), "utf8"));
    expect(trainedWith).toMatchObject({
      ...{ cell: "gru", units: 8, layers: 2, crf: false, wordUnits: 8, characterUnits: 4, dropout: 0.25, wordDropout: 0.1 },
      ...{ minimumCount: 1, lowercase: false, batchSize: 4, learningRate: 0.02, seed: 7 },
    });
  });

  it("splits by a group", async () => {
    const lines = Array.from({ length: 60 }, (_, k) =>
      JSON.stringify({ words: ["Ann", "sings"], tags: ["NAME", "VERB"], book: `book ${k % 6}` }),
    );
    await writeFile(at("books.jsonl"), lines.join("\n"));
    const trained = await train("books.jsonl", "books", "--group", "book", "--epochs", "1");
    expect(trained.messages).toContain('group "book" (category)');
    expect(trained.messages).toMatch(/Training on 40 sentences, validating on 10, testing on 10\./);
    const by = await train("names.conll", "refused", "--group", "book");
    expect(by).toMatchObject({ code: 2, messages: expect.stringContaining('has no column "book" for the group') });
  });

  it("reads pieces inside of words, learned or of a tokenizer.json, and evaluates and predicts by them", async () => {
    const trained = await train("names.conll", "pieces", "--tokens", "piece", "--vocabulary-size", "280", "--epochs", "20");
    expect(trained.code).toBe(0);
    const tokenizer = join(at("pieces"), "tokenizer.json");
    expect(JSON.parse(await readFile(tokenizer, "utf8")).model.type).toBe("BPE");
    const { trainedWith } = JSON.parse(await readFile(join(at("pieces"), "config.json"), "utf8"));
    expect(trainedWith).toMatchObject({ spelling: "pieces", characterUnits: 4 });
    const evaluated = await unrolled("evaluate", at("pieces"), at("names.conll"), "--json");
    expect(JSON.parse(evaluated.results).metrics.test.f1).toBeGreaterThan(0.9);
    expect((await unrolled("predict", at("pieces"), "Ann sings in Rome.")).results).toMatch(/^Ann\tB-PER\nsings\tO\n/);

    const taken = await train("names.conll", "taken", "--tokens", "piece", "--tokenizer", tokenizer, "--epochs", "1");
    expect(taken.code).toBe(0);
    expect(await readFile(join(at("taken"), "tokenizer.json"), "utf8")).toBe(await readFile(tokenizer, "utf8"));
    const alone = await unrolled(
      ...["train", "tagger", at("names.conll"), "--out", at("alone"), "--units", "4", "--tokens", "word", "--epochs", "1"],
    );
    expect(alone.code).toBe(0);
    expect(JSON.parse(await readFile(join(at("alone"), "config.json"), "utf8")).trainedWith.spelling).toBe("none");
  });

  it.each([
    [["--tokenizer", "pieces.json"], "--tokenizer is about pieces; add --tokens piece."],
    [
      ["--tokens", "piece", "--tokenizer", "pieces.json", "--vocabulary-size", "300"],
      "--tokenizer has learned its pieces already; leave --vocabulary-size out.",
    ],
    [["--tokens", "piece", "--tokenizer", "nowhere.json"], "nowhere.json: cannot be read"],
    [["--vocabulary-size", "300"], "--vocabulary-size is about pieces; add --tokens piece."],
    [["--tokens", "word", "--character-units", "8"], "--character-units is about what words are spelled by"],
  ])("refuses %j", async (args, message) => {
    const refused = await train("names.conll", "refused", ...args);
    expect(refused).toMatchObject({ code: 2, results: "", messages: expect.stringContaining(message) });
  });

  it("begins with vectors of a file, and says how many were found", async () => {
    await writeFile(at("vectors.txt"), "4 2\nann 1 2\nParis 3 4\nsings 5 6\nkraken 7 8\n");
    const trained = await unrolled(
      ...["train", "tagger", at("names.conll"), "--out", at("vectors"), "--units", "8", "--epochs", "1", "--seed", "7"],
      ...["--no-lower-case", "--word-vectors", at("vectors.txt"), "--freeze-word-vectors"],
    );
    expect(trained.messages).toMatch(/Vectors were found for 3 of 11 words\./);
    const { trainedWith } = JSON.parse(await readFile(join(at("vectors"), "config.json"), "utf8"));
    expect(trainedWith).toMatchObject({ wordUnits: 2, wordsWithVectors: 3, freezeWordVectors: true, minimumCount: 1 });
    const refused = await train("names.conll", "refused", "--freeze-word-vectors");
    expect(refused).toMatchObject({ code: 2, messages: expect.stringContaining("--freeze-word-vectors needs --word-vectors.") });
    const other = await train("names.conll", "refused", "--word-vectors", at("vectors.txt"));
    expect(other).toMatchObject({ code: 2, messages: expect.stringContaining("`wordUnits` must be 2, as many as") });
  });

  it("reads a column of JSON lines, and goes on with --resume to the weights of an unbroken training", async () => {
    const line = JSON.stringify({ words: ["Ann", "sings"], ner: ["NAME", "VERB"], pos: ["N", "V"] });
    await writeFile(at("lines.jsonl"), `${line}\n`.repeat(40));
    const call = (out: string, ...args: string[]) => train("lines.jsonl", out, "--input", "words", "--target", "ner", ...args);
    expect((await call("unbroken", "--epochs", "2")).results).toContain("NAME");
    await call("resumed", "--epochs", "1");
    expect((await call("resumed", "--epochs", "2", "--resume")).code).toBe(0);
    const [one, other] = await Promise.all(["unbroken", "resumed"].map((name) => readFile(join(at(name), "model.safetensors"))));
    expect(one?.equals(other ?? one.subarray(1))).toBe(true);
  });

  it.each([
    ["a missing file", "none.conll", undefined, "none.conll: no such file"],
    ["an empty file", "empty.conll", "", "is empty; expected"],
    ["a line without a tag", "bare.conll", "Ann B-PER\nsings\n", "bare.conll:2"],
    ["words without tags", "words.conll", "Ann\nsings\n\nBob\n", "words.conll:1: has 2 tokens and 0 tags; expected one tag"],
    ["too few sentences", "few.conll", "Ann X\n\nBob X\n", "2 examples leave none for"],
    ["unequal lists", "lists.jsonl", '{"tokens":["a","b"],"tags":["X"]}\n', "lists.jsonl:1: has 2 tokens and 1 tags"],
  ])("answers 2 to %s", async (_, name, contents, message) => {
    if (contents !== undefined) await writeFile(at(name), contents);
    const refused = await train(name, "refused");
    expect(refused).toMatchObject({ code: 2, results: "" });
    expect(refused.messages).toContain(message);
  });
});
