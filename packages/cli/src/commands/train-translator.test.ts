import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digits } from "../testing/small-data.js";
import { type Answer, unrolled, unrolledWith } from "../testing/unrolled.js";

let place = "";
const at = (name: string) => join(place, name);
const small = ["--units", "16", "--seed", "7", "--threads", "1"];
const quick = ["--learning-rate", "0.02", "--batch", "16", "--dropout", "0"];
const train = (data: string[], out: string, ...args: string[]) =>
  unrolled("train", "translator", ...data.map(at), "--out", at(out), ...small, ...args);
const predict = (...args: string[]) => unrolled("predict", at("trained"), ...args);
const objects = ({ results }: Answer) =>
  results
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
let trained: Answer;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "unrolled-translator-"));
  await writeFile(at("digits.txt"), digits(300));
  trained = await train(["digits.txt"], "trained", ...quick, "--epochs", "20", "--patience", "20");
});
afterAll(async () => {
  await rm(place, { recursive: true });
});

describe("unrolled train translator", () => {
  it("tells the columns, how the model does beside the nearest example, and what it makes of some", () => {
    expect(trained.code).toBe(0);
    expect(trained.messages).toContain('input "1" (category); target "2" (category).\n');
    expect(trained.messages).toMatch(/^Training on 2\d\d pairs, validating on \d+, testing on \d+\.$/m);
    expect(trained.messages).toMatch(/validation loss \d\.\d{3} .*pairs\/s/);
    expect(trained.results).toMatch(/^Test, \d+ tokens +bleu +chrF +exactMatch +wordError +loss\n {2}LSTM, 16 \+ 16 units /);
    expect(trained.results).toMatch(/^ {2}nearest training example +\d+\.\d{3} +\d+\.\d{3} +0\.\d{3} +\d\.\d{3}$/m);
    expect(trained.results).toMatch(/^ {2}(\d \d \d)\n {2}→ \w+ \w+ \w+\n {2}= \w+ \w+ \w+\n[\s\S]*predict .* '\1'$/m);
    const [, exact = 0] = /units +[\d.]+ +[\d.]+ +([\d.]+)/.exec(trained.results) ?? [];
    expect(Number(exact)).toBeGreaterThan(0.9);
  });

  it("gives one JSON object with --json, and trains what the options say", async () => {
    const options = ["--cell", "gru", "--layers", "2", "--no-bidirectional", "--attention", "bahdanau", "--dropout", "0.25"];
    const more = ["--label-smoothing", "0.1", "--scheduled-sampling", "0.5", "--source-tokens", "char", "--minimum-count", "1"];
    const answer = await train(["digits.txt"], "json", ...options, ...more, "--epochs", "1", "--beam", "2", "--json");
    const metrics = Object.fromEntries(
      ["bleu", "chrF", "exactMatch", "wordError", "loss", "perplexity"].map((name) => [name, expect.any(Number)]),
    );
    expect(answer.results).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(answer.results)).toMatchObject({
      task: "translator",
      metrics: { train: { loss: expect.any(Number) }, validation: metrics, test: metrics },
      baseline: { nearestExample: { bleu: expect.any(Number), exactMatch: expect.any(Number), wordError: expect.any(Number) } },
      model: at("json"),
    });
    const { trainedWith, source, target } = JSON.parse(await readFile(join(at("json"), "config.json"), "utf8"));
    expect(trainedWith).toMatchObject({
      ...{ cell: "gru", units: 16, layers: 2, bidirectional: false, attention: "bahdanau", dropout: 0.25 },
      ...{ labelSmoothing: 0.1, scheduledSampling: 0.5, seed: 7 },
    });
    expect([source.tokens, target.tokens]).toEqual(["char", "word"]);
  });

  it("reads two texts whose lines belong together, with others to validate and to test on", async () => {
    const lines = digits(120).trim().split("\n");
    for (const [name, part] of Object.entries({ train: lines.slice(0, 100), held: lines.slice(100) })) {
      for (const [side, ending] of ["a", "b"].entries()) {
        await writeFile(at(`${name}.${ending}`), part.map((line) => `${line.split("\t")[side]}\n`).join(""));
      }
    }
    const held = `${at("held.a")},${at("held.b")}`;
    const answer = await train(["train.a", "train.b"], "parallel", "--validation", held, "--test", held, "--epochs", "1");
    expect(answer.messages).toContain("Training on 100 pairs, validating on 20, testing on 20.\n");
    expect(answer.results).toContain(
      "\n\nThe network is no better than the nearest training example here; more pairs or epochs may help.\n",
    );
    expect(answer.code).toBe(0);
  });

  it.each([
    ["a missing file", ["none.txt"], {}, [], "none.txt: no such file"],
    ["an empty file", ["empty.txt"], { "empty.txt": "" }, [], "empty.txt: is empty; expected a text"],
    ["one text", ["one.txt"], { "one.txt": "a\nb\n" }, [], "one.txt: expected pairs: a table or JSONL with two columns"],
    ["a table of one column", ["one.csv"], { "one.csv": "word\na\nb\n" }, [], "can't guess which column is the target"],
    [
      "a pair without a side",
      ["side.txt"],
      { "side.txt": "a\tb\nc\t\n" },
      [],
      'side.txt:2: column "2": expected a text, received ""',
    ],
    ["texts of unequal length", ["long.a", "short.b"], { "long.a": "a\nb\n", "short.b": "a\n" }, [], "has 2 lines, and"],
    ["a column that isn't there", ["digits.txt"], {}, ["--target", "3"], 'has no column "3" for the target'],
    ["too few pairs", ["few.txt"], { "few.txt": "a\tb\n" }, [], "1 example leaves none for validation; give more"],
    ["a unit that is none", ["digits.txt"], {}, ["--tokens", "letter"], "Allowed choices are char, word, piece."],
    ["a share of all", ["digits.txt"], {}, ["--scheduled-sampling", "1"], "'1' is invalid. Expected a number of at least 0"],
    ["a beam of none", ["digits.txt"], {}, ["--beam", "0"], "'0' is invalid. Expected a whole number of at least 1."],
  ])("answers 2 to %s", async (_, data, files, args, message) => {
    for (const [name, contents] of Object.entries(files)) await writeFile(at(name), contents);
    const refused = await train(data, "refused", ...args);
    expect(refused).toMatchObject({ code: 2, results: "" });
    expect(refused.messages).toContain(message);
  });
});

describe("unrolled predict of a translator", () => {
  it("gives what each text becomes, a line each, from arguments, standard input and files", async () => {
    expect((await predict("3 1 2", "0 0 4")).results).toBe("three one two\nzero zero four\n");
    const piped = await unrolledWith({ input: "3 1 2\n\n4 4 1\n" }, "predict", at("trained"));
    expect(piped.results).toBe("three one two\nfour four one\n");
    await writeFile(at("new.csv"), "id,said\n1,2 2 0\n");
    expect((await predict("--file", at("new.csv"), "--input", "said")).results).toBe("two two zero\n");
    await writeFile(at("numbers.jsonl"), '{"said":3}\n{"said":"  1 4 "}\n');
    const [three, trimmed] = objects(await predict("--file", at("numbers.jsonl"), "--input", "said", "--json"));
    expect([three.source, trimmed.source]).toEqual(["3", "1 4"]);
    expect((await predict(" 3 1 2 ", "--json")).results).toContain('{"source":"3 1 2",');
    await writeFile(at("new.txt"), "2 0 2\n");
    expect((await predict("--file", at("new.txt"))).results).toBe("two zero two\n");
  });

  it("writes word by word with --beam 1, and several answers with their scores with --n-best", async () => {
    expect((await predict("3 1 2", "--beam", "1")).results).toBe("three one two\n");
    const lines = (await predict("3 1 2", "--beam", "4", "--n-best", "3")).results.trim().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^-\d\.\d{3}\tthree one two$/);
    expect((await predict("3 1 2", "--n-best", "7")).results.trim().split("\n")).toHaveLength(7);
    const scores = lines.map((line) => Number(line.split("\t")[0]));
    expect(scores).toEqual(scores.toSorted((one, other) => other - one));
  });

  it("gives tokens, attention and alternatives in an object with --json", async () => {
    const [answer] = objects(await predict("3 1 2", "--n-best", "2", "--json"));
    expect(answer).toMatchObject({
      ...{ source: "3 1 2", text: "three one two", tokens: ["three", "one", "two"], sourceTokens: ["3", "1", "2", ""] },
      alternatives: [{ text: expect.any(String), score: expect.any(Number), logProbability: expect.any(Number) }],
    });
    for (const row of answer.attention) expect(row).toHaveLength(4);
  });

  it("draws what was read for each word of the first text", async () => {
    const drawn = await predict("3 1 2", "4 4 4", "--svg", at("attention.svg"));
    expect(drawn.messages).toBe(`What was read for each word is drawn in ${at("attention.svg")}.\n`);
    expect(drawn.results).toBe("three one two\nfour four four\n");
    const svg = await readFile(at("attention.svg"), "utf8");
    expect(svg.match(/<title>/g)).toHaveLength(3 * 4);
    expect(svg).toContain("<title>three ← 3: ");
  });

  it.each([
    ["more answers than beginnings", ["3", "--beam", "2", "--n-best", "3"], "`nBest` must be at most beam, 2, received 3"],
    ["answers of no search", ["3", "--beam", "1", "--n-best", "2"], "`nBest` must be at most beam, 1, received 2"],
    ["a column of no file", ["3", "--input", "said"], "--input names columns of a file; give it by --file"],
    ["an empty text", [""], "the text must be a text that is not empty"],
    ["a horizon", ["3", "--horizon", "2"], "--horizon says nothing to a translator; leave it out."],
    ["a drawing that can't be written", ["3", "--svg", join("none", "a.svg")], "none/a.svg could not be written (ENOENT"],
    [
      "a file without its column",
      ["--file", "other.csv"],
      'has no column "1", which the model was trained on; its columns are "a", "b"',
    ],
    ["an empty cell", ["--file", "gap.csv"], 'gap.csv:3: column "1": expected a text, received ""; fill it'],
  ])("answers 2 to %s", async (_, args, message) => {
    await writeFile(at("other.csv"), "a,b\nx,y\n");
    await writeFile(at("gap.csv"), "1,2\nx,y\n,z\n");
    const refused = await predict(...args.map((arg) => (arg.endsWith(".csv") ? at(arg) : arg)));
    expect(refused.code).toBe(2);
    expect(refused.messages).toContain(message);
  });
});

describe("unrolled evaluate of a translator", () => {
  it("measures with a beam and without, and gives metrics.test with --json", async () => {
    const [greedy, wide] = [
      await unrolled("evaluate", at("trained"), at("digits.txt"), "--beam", "1", "--json"),
      await unrolled("evaluate", at("trained"), at("digits.txt"), "--json"),
    ];
    for (const answer of [greedy, wide]) {
      expect(answer).toMatchObject({ code: 0, messages: "" });
      const { task, metrics, tokens, unknown } = JSON.parse(answer.results);
      expect({ task, tokens, unknown }).toEqual({ task: "translator", tokens: 1200, unknown: 0 });
      expect(metrics.test.exactMatch).toBeGreaterThan(0.9);
    }
    await writeFile(at("strange.txt"), "1 2 x\tone two x\n");
    const table = await unrolled("evaluate", at("trained"), at("strange.txt"));
    expect(table.results).toMatch(
      /^Test, 4 tokens .*\n {2}LSTM, 16 \+ 16 units .*\n\nThe model doesn't know 1 token of the sources\.\n$/,
    );
  });

  it("refuses options that say nothing to it", async () => {
    const refused = await unrolled("evaluate", at("trained"), at("digits.txt"), "--from", "2");
    expect(refused).toMatchObject({ code: 2, messages: expect.stringContaining("--from says nothing to a translator") });
  });
});
