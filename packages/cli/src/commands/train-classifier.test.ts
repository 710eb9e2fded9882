import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reviews } from "../testing/small-data.js";
import { interrupted, unrolled } from "../testing/unrolled.js";

let place = "";
const at = (name: string) => join(place, name);
const small = ["--units", "8", "--seed", "7"];
const train = (data: string, out: string, ...args: string[]) =>
  unrolled("train", "classifier", at(data), "--out", at(out), ...small, ...args);
const configOf = async (model: string) => JSON.parse(await readFile(join(at(model), "config.json"), "utf8"));

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "unrolled-classifier-"));
  await writeFile(at("reviews.csv"), reviews(120));
});
afterAll(async () => {
  await rm(place, { recursive: true });
});

describe("unrolled train classifier", () => {
  it("tells the columns it guessed, the parts, and how the model does beside what needs no network", async () => {
    const trained = await train("reviews.csv", "told", "--epochs", "20");
    expect(trained.code).toBe(0);
    expect(trained.messages).toContain('by its first 120 records: input "review" (text); target "sentiment" (category).\n');
    expect(trained.messages).toContain("Training on 96 examples, validating on 12, testing on 12.\n");
    expect(trained.messages).toMatch(/^epoch \d+\/20 .*validation loss \d\.\d{3} {2}validation accuracy \d\.\d{3} /m);
    expect(trained.results).toMatch(/^Test, 12 examples +accuracy +f1 +loss\n {2}LSTM, 8 \+ 8 units +1\.000/);
    expect(trained.results).toMatch(/^ {2}naive Bayes +\d\.\d{3}/m);
    expect(trained.results).toMatch(/^ {2}the most frequent class +0\.\d{3}/m);
    expect(trained.results).toMatch(/^ +predicted\nactual +bad +good\nbad +\d+ +0\ngood +0 +\d+$/m);
    expect(trained.results).toContain(`unrolled predict ${at("told")} 'a text of yours'`);
    expect(await readFile(join(at("told"), "README.md"), "utf8")).toContain("Tells 2 classes apart by their text");
  });

  it("gives one JSON object and nothing else as its results with --json", async () => {
    const trained = await train("reviews.csv", "json", "--epochs", "2", "--json");
    expect(trained.results).toMatch(/^\{.*\}\n$/);
    const metrics = { accuracy: expect.any(Number), f1: expect.any(Number), loss: expect.any(Number) };
    expect(JSON.parse(trained.results)).toEqual({
      task: "classifier",
      parameters: expect.any(Number),
      epochs: 2,
      steps: expect.any(Number),
      metrics: { train: { loss: expect.any(Number), accuracy: expect.any(Number) }, validation: metrics, test: metrics },
      baseline: { naiveBayes: metrics, mostFrequentClass: metrics },
      seconds: expect.any(Number),
      interrupted: false,
      bestEpoch: expect.any(Number),
      model: at("json"),
    });
  });

  it("trains what the options say, and leaves to the task what they don't", async () => {
    const model = ["--cell", "gru", "--layers", "2", "--no-bidirectional", "--pooling", "mean", "--embedding-units", "5"];
    const training = ["--dropout", "0.25", "--batch", "4", "--learning-rate", "0.01", "--clip-norm", "0.5", "--epochs", "1"];
    const more = ["--label-smoothing", "0.1", "--balance", "--tokens", "both", "--patience", "2"];
    expect((await train("reviews.csv", "options", ...model, ...training, ...more)).code).toBe(0);
    expect((await configOf("options")).trainedWith).toMatchObject({
      ...{ cell: "gru", units: 8, layers: 2, bidirectional: false, pooling: "mean", embeddingUnits: 5 },
      ...{ dropout: 0.25, inputDropout: 0.25, outputDropout: 0.25, batchSize: 4, learningRate: 0.01, clipNorm: 0.5 },
      ...{ labelSmoothing: 0.1, seed: 7, classWeights: { bad: expect.any(Number), good: expect.any(Number) } },
    });
    await train("reviews.csv", "defaults", "--epochs", "1");
    expect((await configOf("defaults")).trainedWith).toMatchObject({
      ...{ cell: "lstm", layers: 1, bidirectional: true, pooling: "max", inputDropout: 0.5, batchSize: 16, learningRate: 0.004 },
    });
  });

  it("reads pieces, learned or of a tokenizer.json", async () => {
    expect((await train("reviews.csv", "pieces", "--tokens", "piece", "--vocabulary-size", "280", "--epochs", "1")).code).toBe(0);
    const tokenizer = join(at("pieces"), "tokenizer.json");
    const taken = await train("reviews.csv", "taken", "--tokens", "piece", "--tokenizer", tokenizer, "--epochs", "1");
    expect(taken.code).toBe(0);
    expect(await readFile(join(at("taken"), "tokenizer.json"), "utf8")).toBe(await readFile(tokenizer, "utf8"));
    const refused = await train("reviews.csv", "refused", "--tokenizer", tokenizer);
    expect(refused).toMatchObject({
      code: 2,
      messages: expect.stringContaining("--tokenizer is about pieces; add --tokens piece."),
    });
  });

  it("splits by a group, which is no input, and which other files need not have", async () => {
    const [header, ...rows] = reviews(120).trim().split("\n");
    const table = [`${header},reader`, ...rows.map((row, k) => `${row},reader ${k % 12}`)].join("\n");
    await writeFile(at("readers.csv"), `${table}\n`);
    const trained = await train("readers.csv", "readers", "--group", "reader", "--epochs", "1");
    expect(trained.messages).toContain('target "sentiment" (category); group "reader" (category).');
    expect(trained.messages).toContain("Training on 100 examples, validating on 10, testing on 10.\n");
    expect(JSON.parse(await readFile(join(at("readers"), "data.json"), "utf8")).columns.group).toBe("reader");
    expect((await unrolled("evaluate", at("readers"), at("reviews.csv"))).code).toBe(0);
    expect((await unrolled("evaluate", at("readers"), at("reviews.csv"), "--target", "sentiment")).code).toBe(0);
    const refused = await train("readers.csv", "refused", "--group", "raeder");
    expect(refused).toMatchObject({
      code: 2,
      messages: expect.stringContaining('has no column "raeder" for the group (did you mean "reader"?)'),
    });
  });

  it("begins with vectors of a file, for words and for words with characters, and says how many were found", async () => {
    await writeFile(at("vectors.txt"), "loved 1 2 3\nhated 4 5 6\nfilm 7 8 9\nkraken 7 8 9\n");
    const vectors = ["--word-vectors", at("vectors.txt")];
    const trained = await train("reviews.csv", "vectors", "--epochs", "1", ...vectors);
    expect(trained.messages).toMatch(/Vectors were found for 3 of \d+ words\./);
    expect((await configOf("vectors")).trainedWith).toMatchObject({
      ...{ embeddingUnits: 3, wordsWithVectors: 3, freezeWordVectors: false },
    });
    await train("reviews.csv", "frozen", "--epochs", "1", ...vectors, "--freeze-word-vectors", "--tokens", "both");
    expect((await configOf("frozen")).trainedWith).toMatchObject({ embeddingUnits: 3, freezeWordVectors: true });
    const other = await train("reviews.csv", "other", ...vectors, "--embedding-units", "8");
    expect(other).toMatchObject({ code: 2, messages: expect.stringContaining("`embeddingUnits` must be 3, as many as") });
  });

  it("refuses vectors where no words are read, of another language, and to freeze none", async () => {
    await writeFile(at("mer.txt"), "mer 1 2 3\n");
    await writeFile(at("numbers.csv"), `a,b\n${"1,x\n2,y\n".repeat(20)}`);
    const refused = async (data: string, ...args: string[]) => {
      const { code, messages } = await train(data, "refused", ...args);
      expect(code).toBe(2);
      return messages;
    };
    const vectors = ["--word-vectors", at("mer.txt")];
    expect(await refused("reviews.csv", ...vectors, "--tokens", "char")).toContain(
      "--word-vectors are for words; leave --tokens char out, or take both.",
    );
    expect(await refused("reviews.csv", ...vectors)).toMatch(
      /mer\.txt: has none of the \d+ words of the training data, such as "/,
    );
    expect(await refused("numbers.csv", ...vectors)).toContain(
      "--word-vectors are for texts, and the inputs are rows; leave it out.",
    );
    expect(await refused("reviews.csv", "--freeze-word-vectors")).toContain("--freeze-word-vectors needs --word-vectors.");
  });

  it("reads what --input and --target say instead of what it would guess", async () => {
    await writeFile(at("notes.csv"), `a,b,c\n${"x,1,some text\ny,2,other text\n".repeat(20)}`);
    const trained = await train("notes.csv", "columns", "--input", "c", "--target", "b", "--epochs", "1");
    expect(trained.messages).toContain('input "c" (');
    expect(JSON.parse(await readFile(join(at("columns"), "data.json"), "utf8"))).toMatchObject({
      columns: { input: ["c"], target: ["b"] },
      seed: 7,
    });
  });

  it("reads rows of numbers and categories by an ordinary dense network", async () => {
    const rows = Array.from(
      { length: 60 },
      (_, k) => `${k % 2 === 0 ? 1 + k / 100 : 5 - k / 100},${k % 3 === 0 ? "red" : "blue"},${k % 2 === 0 ? "x" : "y"}`,
    );
    await writeFile(at("flowers.csv"), `width,colour,species\n${rows.join("\n")}\n`);
    const trained = await train("flowers.csv", "flowers", "--target", "species", "--epochs", "30");
    expect(trained.results).toMatch(/^ {2}dense network, 2 layers of 8 units +1\.000/m);
    expect(trained.results).not.toContain("naive Bayes");
    const refused = await train("flowers.csv", "refused", "--target", "species", "--tokens", "char");
    expect(refused).toMatchObject({
      code: 2,
      messages: expect.stringContaining("`tokens` is for texts, and the inputs are rows"),
    });
  });

  it("validates and tests on files of their own, and refuses a label that training has not, with file and line", async () => {
    await writeFile(at("valid.csv"), reviews(20, 2));
    await writeFile(at("test.csv"), reviews(30, 3));
    const files = ["--validation", at("valid.csv"), "--test", at("test.csv")];
    const trained = await train("reviews.csv", "files", "--epochs", "1", ...files);
    expect(trained.messages).toContain("Training on 120 examples, validating on 20, testing on 30.\n");
    await writeFile(at("strange.csv"), "review,sentiment\nI loved it,good\nso so,middling\n");
    const refused = await train("reviews.csv", "refused", "--test", at("strange.csv"));
    expect(refused).toMatchObject({ code: 2, results: "" });
    expect(refused.messages).toContain(
      `${at("strange.csv")}:3: column "sentiment": unknown label "middling"; expected one of "good", "bad".`,
    );
  });

  it("trains on the only example of a label, wherever chance would have put it", async () => {
    await writeFile(at("rare.csv"), `${reviews(40)}so so,middling\n`);
    for (const seed of ["1", "2", "3", "4", "5", "6"]) {
      const trained = await train("rare.csv", `rare-${seed}`, "--epochs", "1", "--seed", seed, "--json");
      expect(trained.code).toBe(0);
    }
  });

  it.each([
    ["a missing file", "none.csv", undefined, "none.csv: no such file"],
    ["an empty file", "empty.csv", "", "is empty; expected a table"],
    ["a header only", "header.csv", "review,sentiment\n", "header.csv: "],
    [
      "one class",
      "one.csv",
      `review,sentiment\n${"fine film,good\n".repeat(40)}`,
      'at least 2 classes are needed, received "good" alone',
    ],
    ["too few rows", "few.csv", "review,sentiment\na b,x\nc d,y\na b,x\n", "3 examples leave none for validation; give more"],
    ["a ragged row", "ragged.csv", "review,sentiment\nfine,good\nfine,good,what\n", "ragged.csv:3"],
  ])("answers 2 to %s, and makes no folder", async (_, name, contents, message) => {
    if (contents !== undefined) await writeFile(at(name), contents);
    const refused = await train(name, "refused");
    expect(refused).toMatchObject({ code: 2, results: "" });
    expect(refused.messages).toContain(message);
    expect(await readdir(place)).not.toContain("refused");
  });

  it.each([
    [
      ["--target", "sentimnt"],
      'has no column "sentimnt" for the target (did you mean "sentiment"?); its columns are "review", "sentiment".',
    ],
    [["--epochs", "1.5"], "'1.5' is invalid. Expected a whole number of at least 1."],
    [["--epoch", "2"], "unknown option '--epoch'\n(Did you mean --epochs?)"],
    [["--pooling", "avg"], "Allowed choices are last, mean, max, attention."],
    [["--tokens", "letter"], "Allowed choices are char, word, piece, both."],
    [["--validation", "0.6", "--test", "0.5"], "--validation 0.6 and --test 0.5 leave nothing to train on"],
    [["--overwrite", "--resume"], "option '--resume' cannot be used with option '--overwrite'"],
    [["--time", "x"], "unknown option '--time'"],
  ])("answers 2 to %j", async (args, message) => {
    const refused = await train("reviews.csv", "refused", ...args);
    expect(refused).toMatchObject({ code: 2, results: "" });
    expect(refused.messages).toContain(message);
  });

  it("refuses a folder that is not empty before it reads anything", async () => {
    await mkdir(at("full"));
    await writeFile(join(at("full"), "notes.txt"), "mine");
    expect(await train("none.csv", "full")).toMatchObject({
      code: 2,
      messages: expect.stringContaining("the folder is not empty"),
    });
  });

  it("finishes the step at Ctrl-C, saves and answers 130; --resume goes on with the same split, whatever its seed was", async () => {
    const call = ["train", "classifier", at("reviews.csv"), "--out", at("stopped"), "--units", "8", "--epochs", "100000"];
    const stopped = await interrupted(...call, "--patience", "100000");
    expect(stopped.code).toBe(130);
    expect(stopped.messages).toContain("Stopping after this step, then saving.");
    expect(stopped.results).toMatch(/^Stopped at step [\d,]+ of [\d,]+; the same command with --resume goes on from there\.\n/);
    const again = await interrupted(...call, "--patience", "100000", "--resume", "--json");
    expect(again.code).toBe(130);
    expect(again.messages).toMatch(/^Going on after step \d+\.$/m);
    expect(JSON.parse(again.results)).toMatchObject({ interrupted: true, metrics: { train: { loss: expect.any(Number) } } });
  });

  it("ends in the weights of an unbroken training when it was resumed", async () => {
    const weights = (model: string) => readFile(join(at(model), "model.safetensors"));
    await train("reviews.csv", "unbroken", "--epochs", "3");
    await train("reviews.csv", "resumed", "--epochs", "1");
    expect((await train("reviews.csv", "resumed", "--epochs", "3", "--resume")).code).toBe(0);
    expect((await weights("resumed")).equals(await weights("unbroken"))).toBe(true);
  });
});
