import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "unrolled";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unrolled } from "./testing/unrolled.js";

/** A folder with a text of about 6,000 characters and a small model of it. */
let place = "";
let sea = "";
const text = Array.from({ length: 120 }, (_, line) => `${line}. she sells sea shells by the sea shore — so it goes\n`).join("");
const small = ["--units", "8", "--sequence", "16", "--seed", "7"];

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "unrolled-program-"));
  sea = at("sea");
  await writeFile(at("sea.txt"), text);
  expect(await train("sea.txt", "sea", "--epochs", "2")).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await rm(place, { recursive: true });
});

const at = (name: string) => join(place, name);

const train = (data: string, out: string, ...args: string[]) =>
  unrolled("train", "language-model", at(data), "--out", at(out), ...small, ...args);

const weights = (model: string) => readFile(join(at(model), "model.safetensors"));

describe("unrolled", () => {
  it("shows its version and help among the results, with an example for every command", async () => {
    expect(await unrolled("--version")).toEqual({ code: 0, results: `${version}\n`, messages: "" });
    for (const command of [
      ...[[], ["demo"], ["info"], ["train"], ["evaluate"], ["predict"], ["generate"]],
      ...["language-model", "classifier", "tagger", "forecaster"].map((task) => ["train", task]),
    ]) {
      const help = await unrolled(...command, "--help");
      expect(help).toMatchObject({ code: 0, messages: "" });
      expect(help.results).toContain(`Usage: unrolled${command.map((word) => ` ${word}`).join("")}`);
      expect(help.results).toMatch(/Examples?:\n {2}unrolled /);
    }
  });

  it.each([[], ["train"]])("shows its help among the messages when a command is missing, and answers 2", async (...args) => {
    const bare = await unrolled(...args);
    expect(bare).toMatchObject({ code: 2, results: "" });
    expect(bare.messages).toContain(`Usage: unrolled${args.map((word) => ` ${word}`).join("")}`);
  });

  it.each([
    ["an unknown command", ["tran"], "unknown command 'tran'\n(Did you mean train?)"],
    ["an unknown task", ["train", "language-modle", "x"], "unknown command 'language-modle'\n(Did you mean language-model?)"],
    ["an unknown option", ["train", "language-model", "x", "--epoch", "3"], "unknown option '--epoch'\n(Did you mean --epochs?)"],
    ["an option of no command yet", ["generate", "sea", "--beam", "3"], "unknown option '--beam'"],
    ["missing data", ["train", "language-model"], "missing required argument 'data'"],
    ["an argument too many", ["demo", "now"], "too many arguments for 'demo'. Expected 0 arguments but got 1."],
    [
      "options that exclude each other",
      ["train", "language-model", "x", "--overwrite", "--resume"],
      "option '--resume' cannot be used with option '--overwrite'",
    ],
  ])("answers 2 to %s and says what is wrong", async (_, args, message) => {
    const answer = await unrolled(...args);
    expect(answer).toMatchObject({ code: 2, results: "" });
    expect(answer.messages).toContain(`error: ${message}`);
  });

  it.each([
    ["--learning-rate", "nan", "'--learning-rate <number>' argument 'nan' is invalid. Expected a number above 0."],
    ["--learning-rate", "1e400", "'--learning-rate <number>' argument '1e400' is invalid. Expected a number above 0."],
    ["--epochs", "1.5", "'--epochs <count>' argument '1.5' is invalid. Expected a whole number of at least 1."],
    ["--units", "0", "'--units <count>' argument '0' is invalid. Expected a whole number of at least 1."],
    ["--seed", "", "'--seed <number>' argument '' is invalid. Expected a whole number of at least 0."],
    ["--cell", "lstn", "'--cell <kind>' argument 'lstn' is invalid. Allowed choices are rnn, lstm, gru."],
    ["--dropout", "0,5", "argument '0,5' is invalid. Expected a number of at least 0 and below 1. Write 0.5, with a point."],
    ["--validation", "10%", "argument '10%' is invalid. Expected a file, or a fraction above 0 and below 1, such as 0.1"],
    ["--checkpoint-every", "-1", "argument '-1' is invalid. Expected a whole number of at least 1."],
  ])("answers 2 to %s %s, before anything is read", async (option, value, message) => {
    const answer = await unrolled("train", "language-model", "none.txt", option, value);
    expect(answer).toMatchObject({ code: 2, results: "" });
    expect(answer.messages).toContain(message);
  });
});

describe("unrolled train language-model", () => {
  it("tells its results apart from all else", async () => {
    const trained = await train("sea.txt", "apart", "--epochs", "1");
    expect(trained.code).toBe(0);
    expect(trained.results).toMatch(/^Validation loss per character {4}nats {4}bits\n/);
    for (const row of ["LSTM, 8 units", "bigram", "4-gram", "6-gram", `unrolled generate ${at("apart")} --length`]) {
      expect(trained.results).toContain(row);
    }
    expect(trained.messages).toMatch(/^epoch 1\/1 {2}step \d+\/\d+ {2}training loss \d\.\d{3} {2}validation loss/m);
    expect(trained.messages).not.toContain("\u001b");
  });

  it("gives one JSON object and nothing else as its results with --json", async () => {
    const trained = await train("sea.txt", "json", "--epochs", "2", "--validation", "0.2", "--test", "0.1", "--json");
    expect(trained.code).toBe(0);
    expect(trained.results).toMatch(/^\{.*\}\n$/);
    const metrics = { loss: expect.any(Number), perplexity: expect.any(Number), bitsPerCharacter: expect.any(Number) };
    expect(JSON.parse(trained.results)).toEqual({
      task: "language-model",
      parameters: expect.any(Number),
      epochs: 2,
      steps: expect.any(Number),
      metrics: { train: metrics, validation: metrics, test: metrics },
      baseline: { bigram: metrics, "4-gram": metrics, "6-gram": metrics },
      seconds: expect.any(Number),
      interrupted: false,
      model: at("json"),
    });
  });

  it("gives the same model for the same seed, and another one for another", async () => {
    await train("sea.txt", "seed", "--epochs", "1");
    const first = await weights("seed");
    await train("sea.txt", "seed", "--epochs", "1", "--overwrite");
    expect((await weights("seed")).equals(first)).toBe(true);
    await train("sea.txt", "seed", "--epochs", "1", "--overwrite", "--seed", "8");
    expect((await weights("seed")).equals(first)).toBe(false);
  });

  it("trains what the options say", async () => {
    const model = [
      "--cell",
      "gru",
      "--units",
      "5",
      "--layers",
      "2",
      "--embedding-units",
      "3",
      "--dropout",
      "0.25",
      "--batch",
      "4",
    ];
    const training = ["--sequence", "10", "--learning-rate", "0.01", "--clip-norm", "0.5", "--seed", "3", "--epochs", "1"];
    expect((await train("sea.txt", "options", ...model, ...training)).code).toBe(0);
    expect(JSON.parse(await readFile(join(at("options"), "config.json"), "utf8")).trainedWith).toMatchObject({
      cell: "gru",
      units: 5,
      layers: 2,
      embeddingUnits: 3,
      dropout: 0.25,
      batchSize: 4,
      sequenceLength: 10,
      learningRate: 0.01,
      clipNorm: 0.5,
      seed: 3,
    });
  });

  it("reads several files as one text and validates on a file of its own", async () => {
    await writeFile(at("first.txt"), text.slice(0, 1000));
    await writeFile(at("second.txt"), text.slice(1000, 2000));
    await writeFile(at("validation.txt"), text.slice(2000, 2600));
    const files = ["several", at("second.txt"), "--validation", at("validation.txt")] as const;
    const trained = await train("first.txt", ...files, "--epochs", "1");
    expect(trained.messages).toContain("Training on 2,000 characters, validating on 600.\n");
  });

  it("sets aside for test and validation what is asked for, from the end of the text", async () => {
    await writeFile(at("digits.txt"), "0123456789".repeat(100));
    const trained = await train("digits.txt", "shares", "--validation", "0.25", "--test", "0.5", "--epochs", "1");
    expect(trained.messages).toContain("Training on 250 characters, validating on 250.\n");
  });

  it("refuses a folder that is not empty before it reads or trains anything", async () => {
    const before = await weights("sea");
    expect(await train("none.txt", "sea")).toEqual({
      code: 2,
      results: "",
      messages:
        `error: ${sea}: the folder is not empty; give another one by --out, --resume to go on with the training in it, ` +
        "or --overwrite to replace the model in it.\n",
    });
    expect((await weights("sea")).equals(before)).toBe(true);
  });

  it.each([
    ["a missing file", "none.txt", undefined, "no such file; the path counts from "],
    ["an empty file", "empty.txt", "", "is empty; expected a text.\n"],
    ["bytes that are no text", "binary.txt", "a\0b", "the byte at offset 1 (line 1) is NUL"],
    ["a text shorter than one sequence", "short.txt", "she sells", "the text to train on must be longer than one sequence"],
  ])("answers 2 to %s, and makes no folder", async (_, name, contents, message) => {
    if (contents !== undefined) await writeFile(at(name), contents);
    const refused = await train(name, "refused");
    expect(refused).toMatchObject({ code: 2, results: "" });
    expect(refused.messages).toContain(message);
    expect(await readdir(place)).not.toContain("refused");
  });

  it("answers 2 when validation and test leave nothing to train on", async () => {
    expect(await train("sea.txt", "refused", "--validation", "0.6", "--test", "0.5")).toEqual({
      code: 2,
      results: "",
      messages: "error: --validation 0.6 and --test 0.5 leave nothing to train on; together they must stay below 1.\n",
    });
  });

  it("goes on with --resume where it ended, to the very weights of an unbroken training", async () => {
    await train("sea.txt", "unbroken", "--epochs", "3");
    await train("sea.txt", "resumed", "--epochs", "1");
    const resumed = await train("sea.txt", "resumed", "--epochs", "3", "--resume");
    expect(resumed.code).toBe(0);
    expect(resumed.messages).toMatch(/^Going on after step \d+\.$/m);
    expect((await weights("resumed")).equals(await weights("unbroken"))).toBe(true);
    const finished = await train("sea.txt", "resumed", "--epochs", "3", "--resume");
    expect(finished).toMatchObject({ code: 0, messages: expect.stringContaining("All epochs are done already") });
    expect((await weights("resumed")).equals(await weights("unbroken"))).toBe(true);
  });

  it("starts fresh with --resume where there is nothing, and trains nothing where all is done", async () => {
    const fresh = await train("sea.txt", "fresh", "--epochs", "1", "--resume");
    expect(fresh.code).toBe(0);
    expect(fresh.messages).not.toContain("Going on");
    const before = await weights("fresh");
    const again = await train("sea.txt", "fresh", "--epochs", "1", "--resume", "--json");
    expect(again.code).toBe(0);
    expect(JSON.parse(again.results)).toMatchObject({ epochs: 1, interrupted: false });
    expect((await weights("fresh")).equals(before)).toBe(true);
  });

  it("refuses to resume with other options, and says which", async () => {
    const refused = await train("sea.txt", "sea", "--resume", "--units", "9");
    expect(refused).toMatchObject({ code: 2, results: "" });
    expect(refused.messages).toContain("units was 8, now 9");
  });

  it("forgets the checkpoints of the model that it overwrites", async () => {
    await train("sea.txt", "forget", "--epochs", "3", "--checkpoint-every", "1");
    await train("sea.txt", "forget", "--epochs", "1", "--overwrite", "--learning-rate", "0.02");
    const resumed = await train("sea.txt", "forget", "--epochs", "2", "--resume", "--learning-rate", "0.02");
    expect(resumed).toMatchObject({ code: 0 });
  });
});

describe("unrolled generate", () => {
  it("prints the prompt, so many characters after it, and a line end", async () => {
    const written = await unrolled("generate", sea, "--prompt", "she ", "--length", "37", "--seed", "1");
    expect(written).toMatchObject({ code: 0, messages: "" });
    expect(written.results.startsWith("she ")).toBe(true);
    expect([...written.results]).toHaveLength(4 + 37 + 1);
    expect(written.results.endsWith("\n")).toBe(true);
  });

  it("writes the same for the same seed, and with --temperature 0, --top-k 1 or a tiny --top-p whatever the seed", async () => {
    const write = async (...args: string[]) =>
      (await unrolled("generate", sea, "--prompt", "she", "--length", "40", ...args)).results;
    expect(await write("--seed", "1")).toBe(await write("--seed", "1"));
    expect(await write("--seed", "1")).not.toBe(await write("--seed", "2"));
    const greedy = await write("--temperature", "0", "--seed", "1");
    expect(await write("--top-k", "1", "--seed", "2")).toBe(greedy);
    expect(await write("--top-p", "0.000001", "--seed", "3")).toBe(greedy);
  });

  it("answers 2 to a prompt with a character that the model does not know, and prints nothing", async () => {
    const refused = await unrolled("generate", sea, "--prompt", "she ß");
    expect(refused).toMatchObject({ code: 2, results: "" });
    expect(refused.messages).toContain('character 5 of the prompt, "ß"');
  });

  it("answers 1 to a folder that is missing, empty or damaged, and names it", async () => {
    await mkdir(at("nothing"));
    await cp(sea, at("damaged"), { recursive: true });
    await writeFile(join(at("damaged"), "model.safetensors"), "damaged");
    for (const name of ["none", "nothing", "damaged"]) {
      const refused = await unrolled("generate", at(name));
      expect(refused).toMatchObject({ code: 1, results: "" });
      expect(refused.messages).toMatch(/^error: .*\n$/);
      expect(refused.messages).toContain(`error: ${at(name)}`);
    }
  });
});

describe("a model of words", () => {
  const words = ["--tokens", "word", "--epochs", "1"];

  it("is trained, measured against n-grams of words, evaluated and lets itself be generated from, all in words", async () => {
    const trained = await train("sea.txt", "words", ...words, "--test", "0.1", "--tie-embeddings", "--minimum-count", "2");
    expect(trained.code).toBe(0);
    expect(trained.messages).toMatch(/^Training on [\d,]+ characters, validating on [\d,]+, word by word\.$/m);
    expect(trained.messages).toMatch(/\d words\/s/);
    expect(trained.results).toMatch(/^Validation loss per word +nats {2}perplexity\n/);
    expect(trained.results).toMatch(/^Test loss per word/m);
    for (const row of ["LSTM, 8 units", "unigram", "bigram", "trigram"]) expect(trained.results).toContain(row);

    const evaluated = await unrolled("evaluate", at("words"), at("sea.txt"));
    expect(evaluated.results).toMatch(
      /^loss {8}\d\.\d{3} nats per word\nperplexity {2}\d+\.\d\d\nwords {7}[\d,]+, \d+ of them unknown/,
    );
    const json = JSON.parse((await unrolled("evaluate", at("words"), at("sea.txt"), "--json")).results);
    expect(json).toMatchObject({ metrics: { test: { loss: expect.any(Number), perplexity: expect.any(Number) } } });
    expect(json.metrics.test).not.toHaveProperty("bitsPerCharacter");
    expect(json.words).toBeGreaterThan(1000);
    expect(json.unknown).toBeGreaterThan(0);

    const generated = await unrolled("generate", at("words"), "--prompt", "she sells", "--length", "6", "--seed", "1");
    expect(generated.results).toMatch(/^she sells/);
    expect(generated.results.length).toBeGreaterThan("she sells".length + 6);
  });

  it("may have a limited vocabulary, words as spaces part them, and another optimizer", async () => {
    const limits = ["--vocabulary-size", "7", "--no-split-punctuation", "--optimizer", "sgd", "--learning-rate", "0.5"];
    expect(await train("sea.txt", "limited", ...words, ...limits)).toMatchObject({ code: 0 });
    const config = JSON.parse(await readFile(join(at("limited"), "config.json"), "utf8"));
    const expected = { tokens: "word", vocabularySize: 7, splitPunctuation: false, optimizer: "sgd", learningRate: 0.5 };
    expect(config.trainedWith).toMatchObject(expected);
    const { symbols } = JSON.parse(await readFile(join(at("limited"), "vocabulary.json"), "utf8"));
    expect(symbols).toHaveLength(7);
  });

  it("runs in the setting of Zaremba et al. 2014: 2 × 200 LSTM, 20 steps, batch 20, plain gradient descent at 1 halved after epoch 4, norm 5", async () => {
    const network = ["--cell", "lstm", "--units", "200", "--layers", "2", "--embedding-units", "200"];
    const words = ["--tokens", "word", "--no-split-punctuation", "--vocabulary-size", "10000"];
    const descent = ["--optimizer", "sgd", "--learning-rate", "1", "--halve-after", "4", "--clip-norm", "5", "--epochs", "5"];
    const streams = ["--batch", "20", "--sequence", "20", "--seed", "1"];
    await writeFile(at("short-sea.txt"), text.slice(0, 3000));
    const sea = [at("short-sea.txt"), "--validation", "0.1", "--out", at("zaremba")];
    const trained = await unrolled("train", "language-model", ...sea, ...words, ...network, ...streams, ...descent, "--json");
    expect(trained).toMatchObject({ code: 0 });
    const config = JSON.parse(await readFile(join(at("zaremba"), "config.json"), "utf8"));
    expect(config.trainedWith).toMatchObject({
      ...{ cell: "lstm", units: 200, layers: 2, embeddingUnits: 200, tokens: "word", splitPunctuation: false },
      ...{ batchSize: 20, sequenceLength: 20, optimizer: "sgd", learningRate: 1, clipNorm: 5 },
    });
    const { metrics } = JSON.parse(trained.results.trim().split("\n").at(-1) ?? "");
    expect(metrics.validation.perplexity).toBeGreaterThan(1);
  });

  it("has its learning rate halved in each epoch after the one that is said", async () => {
    const rate = ["--tokens", "word", "--epochs", "2", "--optimizer", "sgd"];
    await train("sea.txt", "whole", ...rate);
    await train("sea.txt", "late", ...rate, "--halve-after", "2");
    await train("sea.txt", "halved", ...rate, "--halve-after", "1");
    expect((await weights("late")).equals(await weights("whole"))).toBe(true);
    expect((await weights("halved")).equals(await weights("whole"))).toBe(false);
  });

  it.each([
    [["--tokens", "line"], "'--tokens <unit>' argument 'line' is invalid. Allowed choices are char, word, piece."],
    [["--tokens", "piece", "--vocabulary-size", "9"], "`vocabularySize` must be a whole number of at least 257, received 9."],
    [["--tokenizer", "a.json"], "--tokenizer is about pieces; add --tokens piece."],
    [["--tokens", "piece", "--tokenizer", "none.json"], "none.json: cannot be read"],
    [
      ["--tokens", "piece", "--tokenizer", "a.json", "--vocabulary-size", "300"],
      "--tokenizer has learned its pieces already; leave --minimum-count and --vocabulary-size out.",
    ],
    [["--word-vectors", "glove.txt"], "--word-vectors are for words; add --tokens word."],
    [["--tokens", "word", "--word-vectors", "none.txt"], "none.txt: no such file"],
    [["--tokens", "word", "--freeze-word-vectors"], "--freeze-word-vectors needs --word-vectors."],
    [["--minimum-count", "0"], "Expected a whole number of at least 1."],
    [["--vocabulary-size", "1"], "Expected a whole number of at least 2."],
    [["--tie-embeddings", "--embedding-units", "4"], "'--tie-embeddings' cannot be used with option '--embedding-units <count>'"],
    [["--no-split-punctuation"], "--no-split-punctuation is about words; add --tokens word."],
    [["--optimizer", "lbfgs"], "Allowed choices are adam, sgd."],
  ])("answers 2 to %j", async (args, message) => {
    const refused = await train("sea.txt", "refused", ...args);
    expect(refused).toMatchObject({ code: 2, results: "" });
    expect(refused.messages).toContain(message);
  });
});

describe("a model of pieces", () => {
  const pieces = ["--tokens", "piece", "--epochs", "1"];

  it("is trained, measured against n-grams of pieces, evaluated in bits per character and lets itself be generated from", async () => {
    const trained = await train("sea.txt", "pieces", ...pieces, "--test", "0.1", "--vocabulary-size", "280");
    expect(trained.code).toBe(0);
    expect(trained.messages).toMatch(/, piece by piece\.$/m);
    expect(trained.results).toMatch(/^Validation loss per piece +nats {2}bits per character\n/);
    for (const row of ["LSTM, 8 units", "unigram", "bigram", "trigram"]) expect(trained.results).toContain(row);
    expect(JSON.parse(await readFile(join(at("pieces"), "tokenizer.json"), "utf8")).model.type).toBe("BPE");

    const evaluated = await unrolled("evaluate", at("pieces"), at("sea.txt"));
    expect(evaluated.results).toMatch(
      /^loss {8}\d\.\d{3} nats per piece, \d\.\d{3} bits per character\n.*\npieces {6}[\d,]+, 0 of them/,
    );
    const { metrics } = JSON.parse((await unrolled("evaluate", at("pieces"), at("sea.txt"), "--json")).results);
    expect(metrics.test.bitsPerCharacter).toBeLessThan(metrics.test.loss / Math.LN2);

    const generated = await unrolled("generate", at("pieces"), "--prompt", "she sells", "--length", "6", "--seed", "1");
    expect(generated.results).toMatch(/^she sells/);

    const tokenizer = join(at("pieces"), "tokenizer.json");
    const taken = await train("sea.txt", "taken", ...pieces, "--tokenizer", tokenizer, "--json");
    expect(taken.code).toBe(0);
    const { metrics: ofTaken, baseline } = JSON.parse(taken.results);
    for (const measured of [ofTaken.validation, baseline.bigram]) expect(measured.bitsPerCharacter).toBeGreaterThan(0);
    expect(await readFile(join(at("taken"), "tokenizer.json"), "utf8")).toBe(await readFile(tokenizer, "utf8"));
  });

  it("of words begins with vectors of a file, and says how many were found", async () => {
    await writeFile(at("vectors.txt"), "sea 1 2 3\nshells 4 5 6\nkraken 7 8 9\n");
    const words = ["--tokens", "word", "--epochs", "1", "--word-vectors", at("vectors.txt"), "--freeze-word-vectors"];
    const trained = await train("sea.txt", "vectors", ...words);
    expect(trained.messages).toMatch(/Vectors were found for 2 of \d+ words\./);
    const config = JSON.parse(await readFile(join(at("vectors"), "config.json"), "utf8"));
    expect(config.trainedWith).toMatchObject({ embeddingUnits: 3, wordsWithVectors: 2, freezeWordVectors: true });
  });
});

describe("unrolled evaluate", () => {
  it("prints the metrics, as one JSON object with --json", async () => {
    const evaluated = await unrolled("evaluate", sea, at("sea.txt"), "--json");
    expect(evaluated).toMatchObject({ code: 0, messages: "" });
    expect(evaluated.results).toMatch(/^\{.*\}\n$/);
    const { metrics, characters, unknown } = JSON.parse(evaluated.results);
    expect(metrics.test.perplexity).toBeCloseTo(Math.exp(metrics.test.loss), 10);
    expect(metrics.test.bitsPerCharacter).toBeCloseTo(metrics.test.loss / Math.LN2, 10);
    expect({ characters, unknown }).toEqual({ characters: expect.any(Number), unknown: 0 });
    const shown = await unrolled("evaluate", sea, at("sea.txt"));
    expect(shown.results).toContain(`loss        ${metrics.test.loss.toFixed(3)} nats per character`);
  });

  it("counts characters that the model does not know", async () => {
    await writeFile(at("strange.txt"), "she sells äöü");
    const evaluated = await unrolled("evaluate", sea, at("strange.txt"), "--json");
    expect(JSON.parse(evaluated.results)).toMatchObject({ unknown: 3 });
  });

  it("answers 2 to bad data and 1 to a bad model", async () => {
    expect((await unrolled("evaluate", sea, at("none.txt"))).code).toBe(2);
    expect((await unrolled("evaluate", at("none"), at("sea.txt"))).code).toBe(1);
  });
});
