import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folder } from "unrolled/node";
import { Classifier } from "unrolled/tasks";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runUnrolled } from "../testing/run-unrolled.js";
import { months, reviews, sentences } from "../testing/small-data.js";
import { type Answer, unrolled, unrolledWith } from "../testing/unrolled.js";

let place = "";
const at = (name: string) => join(place, name);
const seeded = ["--seed", "7", "--threads", "1"];
const predict = (model: string, ...args: string[]) => unrolled("predict", at(model), ...args);
const objects = ({ results }: Answer) =>
  results
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "unrolled-predict-"));
  await writeFile(at("reviews.csv"), reviews(120));
  await writeFile(at("names.conll"), sentences(100));
  await writeFile(at("sales.csv"), months(120));
  const trainings = [
    ["classifier", "reviews.csv", "reviews", "--units", "8", "--epochs", "20"],
    ["tagger", "names.conll", "names", "--units", "8", "--epochs", "15", "--learning-rate", "0.02", "--minimum-count", "1"],
    ["forecaster", "sales.csv", "sales", "--units", "4", "--epochs", "2", "--target", "sales", "--horizon", "3"],
  ] as const;
  for (const [task, data, out, ...options] of trainings) {
    expect(await unrolled("train", task, at(data), "--out", at(out), ...options, ...seeded)).toMatchObject({ code: 0 });
  }
});
afterAll(async () => {
  await rm(place, { recursive: true });
});

describe("whoever has only reviews.csv", () => {
  it("gets a model, its accuracy beside the baseline, and a prediction for a sentence, by two commands", async () => {
    const home = await mkdtemp(join(tmpdir(), "unrolled-person-"));
    try {
      await writeFile(join(home, "reviews.csv"), reviews(120));
      const trained = await runUnrolled(home, "train", "classifier", "reviews.csv");
      expect(trained.code).toBe(0);
      expect(trained.stdout).toMatch(/^ {2}LSTM, 32 \+ 32 units +1\.000/m);
      expect(trained.stdout).toMatch(/^ {2}the most frequent class +0\.\d{3}/m);
      const predicted = await runUnrolled(home, "predict", join("models", "classifier-reviews"), "I loved it");
      expect(predicted).toMatchObject({ code: 0, stderr: "" });
      expect(predicted.stdout).toMatch(/^good {2}\d\d\.\d % {2}I loved it\n {2}moved by: loved \+\d/);
    } finally {
      await rm(home, { recursive: true });
    }
  });
});

describe("unrolled predict of a classifier", () => {
  it("answers each text with its class, how likely it is, and the words that moved the decision", async () => {
    const { code, results, messages } = await predict("reviews", "I loved it", "I hated the end");
    expect({ code, messages }).toEqual({ code: 0, messages: "" });
    expect(results).toMatch(
      /^good .* % {2}I loved it\n {2}moved by: loved \+.*\nbad .* % {2}I hated the end\n {2}moved by: hated \+/,
    );
  });

  it("answers each text with an object with --json", async () => {
    const answered = objects(await predict("reviews", "--json", "I loved it", "I hated it"));
    expect(answered).toMatchObject([{ input: "I loved it", label: "good", labels: ["good"] }, { label: "bad" }]);
    expect(answered[0].probabilities.good).toBe(answered[0].probability);
    expect(answered[0].probabilities.good + answered[0].probabilities.bad).toBeCloseTo(1, 6);
  });

  it("reads the lines of standard input, empty ones left out, whatever a pipe cuts them into", async () => {
    const piped = await unrolledWith({ input: "I loved it – ja\r\n\nI hated it" }, "predict", at("reviews"), "--json");
    expect(objects(piped)).toMatchObject([
      { input: "I loved it – ja", label: "good" },
      { input: "I hated it", label: "bad" },
    ]);
  });

  it("reads the column of a table that it was trained on, or the lines of a text", async () => {
    await writeFile(at("new.csv"), "id,review\n1,I enjoyed it\n2,I regretted it\n");
    await writeFile(at("new.txt"), "I enjoyed it\n\nI regretted it\n");
    for (const file of ["new.csv", "new.txt"]) {
      const answered = objects(await predict("reviews", "--file", at(file), "--json"));
      expect(answered.map(({ label }) => label)).toEqual(["good", "bad"]);
    }
    const other = await predict("reviews", "--file", at("sales.csv"));
    expect(other).toMatchObject({ code: 2, messages: expect.stringContaining('has no column "review"') });
  });

  it("of rows reads JSON, and says so where it gets none; the columns of a model trained elsewhere are named", async () => {
    const examples = Array.from({ length: 40 }, (_, k) => ({
      input: { width: k % 2 === 0 ? 1 : 5 },
      label: k % 2 === 0 ? "x" : "y",
    }));
    const model = await Classifier.train(examples, { seed: 7, epochs: 40, units: 8 });
    await model.save(folder(at("rows")));
    expect(objects(await predict("rows", "--json", '{"width": 1}', '{"width": 5}'))).toMatchObject([
      { input: { width: 1 }, label: "x" },
      { label: "y" },
    ]);
    const refused = await predict("rows", "wide");
    expect(refused).toMatchObject({
      code: 2,
      messages: expect.stringContaining("text 1: the model reads numbers, so expected JSON"),
    });
    await writeFile(at("widths.csv"), "width\n1\n5\n");
    const unnamed = await predict("rows", "--file", at("widths.csv"));
    expect(unnamed).toMatchObject({ code: 2, messages: expect.stringContaining("name them by --input. The columns of ") });
    const named = await predict("rows", "--file", at("widths.csv"), "--input", "width", "--json");
    expect(objects(named).map(({ label }) => label)).toEqual(["x", "y"]);
  });
});

describe("unrolled predict of a tagger", () => {
  it("gives each token its tag, a line each, as a CoNLL file has them", async () => {
    const { results } = await predict("names", "Ann sings in Rome.");
    expect(results).toBe("Ann\tB-PER\nsings\tO\nin\tO\nRome\tB-LOC\n.\tO\n\n");
    const spaced = await predict("names", "Ann sings in Rome .", "--no-split-punctuation");
    expect(spaced.results).toBe(results);
  });

  it("gives tokens, tags and entities in an object with --json", async () => {
    const [answer] = objects(await predict("names", "--json", "Eve lives in Oslo."));
    expect(answer).toMatchObject({
      tokens: ["Eve", "lives", "in", "Oslo", "."],
      tags: ["B-PER", "O", "O", "B-LOC", "O"],
      entities: [
        { start: 0, type: "PER" },
        { start: 3, type: "LOC" },
      ],
    });
    expect(answer.probabilities).toHaveLength(5);
  });

  it("tags the sentences of a file", async () => {
    const { results } = await predict("names", "--file", at("names.conll"));
    expect(results).toBe(sentences(100).replaceAll(" ", "\t"));
  });
});

describe("unrolled predict of a forecaster", () => {
  it("goes on from the rows of a file: a table with bounds, and a drawing", async () => {
    const { code, results } = await predict("sales", "--file", at("sales.csv"), "--horizon", "2");
    expect(code).toBe(0);
    expect(results).toMatch(
      /^time +sales +from +to\n1960-01 +\d+\.\d{3} +\d+\.\d{3} +\d+\.\d{3}\n1960-02 .*\n\nsales, then 2 steps foretold:\n/,
    );
  });

  it("gives an object for each step with --json, from where training ended when there is no file", async () => {
    const answered = await predict("sales", "--json");
    expect(objects(answered)).toMatchObject([
      { time: "1959-01", values: { sales: expect.any(Number) }, lower: { sales: expect.any(Number) } },
      { time: "1959-02" },
      { time: "1959-03" },
    ]);
    expect(answered.messages).toContain("Going on from the last rows that it was trained and validated on");
  });

  it("draws into a picture, and says where it can't", async () => {
    const drawn = await predict("sales", "--file", at("sales.csv"), "--svg", at("sales.svg"));
    expect(drawn.messages).toBe(`The forecast is drawn in ${at("sales.svg")}.\n`);
    const refused = await predict("sales", "--file", at("sales.csv"), "--svg", join(at("none"), "sales.svg"));
    expect(refused).toMatchObject({ code: 2, messages: expect.stringContaining("could not be written (ENOENT") });
  });

  it("reads what is known in advance from a file of its own", async () => {
    const known = ["--known", "noise", "--target", "sales", "--horizon", "2", "--units", "4", "--epochs", "1"];
    await unrolled("train", "forecaster", at("sales.csv"), "--out", at("known"), ...known, ...seeded);
    const without = await predict("known", "--file", at("sales.csv"));
    expect(without).toMatchObject({ code: 2, messages: expect.stringContaining("`future` has no value for it at") });
    await writeFile(at("future.csv"), "month,noise\n1960-01,0.5\n1960-02,0.25\n");
    const answered = await predict("known", "--file", at("sales.csv"), "--future", at("future.csv"), "--json");
    expect(objects(answered).map(({ time }) => time)).toEqual(["1960-01", "1960-02"]);
  });
});

describe("unrolled predict", () => {
  it.each([
    [
      "nothing to ask in a terminal",
      "reviews",
      [],
      2,
      "nothing to predict: give texts, --file FILE, or lines on standard input.",
    ],
    ["texts and a file", "reviews", ["a", "--file", "b"], 2, "texts and --file exclude each other"],
    ["a horizon of a classifier", "reviews", ["a", "--horizon", "2"], 2, "--horizon says nothing to a classifier; leave it out."],
    ["a horizon that was not learned", "sales", ["--horizon", "9"], 2, "`horizon` is at most 3, what the model was trained for"],
    ["an option that is near one", "sales", ["--horizn", "9"], 2, "unknown option '--horizn'\n(Did you mean --horizon?)"],
    ["a text for a forecaster", "sales", ["more"], 2, "a forecaster reads rows, not texts; give them by --file."],
    ["a missing file", "names", ["--file", "none.conll"], 2, "none.conll: no such file"],
    ["a missing model", "none", ["a"], 1, "no such folder"],
  ])("answers to %s", async (_, model, args, code, message) => {
    const refused = await predict(model, ...args);
    expect(refused).toMatchObject({ code, results: "" });
    expect(refused.messages).toContain(message);
  });

  it("says that a language model writes, and how", async () => {
    await writeFile(at("sea.txt"), "she sells sea shells by the sea shore. ".repeat(60));
    await unrolled("train", "language-model", at("sea.txt"), "--out", at("sea"), "--units", "4", "--epochs", "1");
    const refused = await predict("sea", "she");
    expect(refused).toMatchObject({ code: 2, messages: expect.stringContaining("let it write by unrolled generate.") });
  });
});

describe("unrolled evaluate", () => {
  const evaluate = (model: string, ...args: string[]) => unrolled("evaluate", at(model), ...args);

  it("measures each task's model as its kind is measured, and gives metrics.test with --json", async () => {
    const cases = [
      ["reviews", "reviews.csv", ["accuracy", "f1", "loss"], "mostFrequentClass"],
      ["names", "names.conll", ["accuracy", "f1", "loss"], "mostFrequentTag"],
      ["sales", "sales.csv", ["loss", "mae", "rmse", "mase", "smape", "coverage"], "seasonalNaive"],
    ] as const;
    for (const [model, data, names, baseline] of cases) {
      const answer = await evaluate(model, at(data), "--json");
      expect(answer).toMatchObject({ code: 0, messages: "" });
      const { metrics, baseline: others } = JSON.parse(answer.results);
      expect(Object.keys(metrics.test)).toEqual(names);
      expect(Object.keys(others)).toContain(baseline);
    }
    expect((await evaluate("reviews", at("reviews.csv"))).results).toMatch(
      /^Test, 120 examples .*\n {2}LSTM, 8 \+ 8 units +1\.000/,
    );
    expect((await evaluate("names", at("names.conll"))).results).toMatch(/^Test, 500 tokens .*\n {2}LSTM/);
  });

  it("foretells from a time on, and only reads what comes before", async () => {
    const all = JSON.parse((await evaluate("sales", at("sales.csv"), "--json")).results);
    const last = JSON.parse((await evaluate("sales", at("sales.csv"), "--from", "1959-07", "--json")).results);
    expect(last.windows).toBe(4);
    expect(all.windows).toBeGreaterThan(50);
  });

  it.each([
    [
      "an unknown label, with file and line",
      "reviews",
      "strange.csv",
      "review,sentiment\nso so,middling\n",
      [],
      'strange.csv:2: column "sentiment": unknown label "middling"',
    ],
    ["a missing column", "reviews", "bare.csv", "review,rating\nfine film,1\nfine,2\n", [], 'has no column "sentiment"'],
    [
      "a column that isn't there",
      "reviews",
      "bare.csv",
      "review,rating\na,1\n",
      ["--target", "ratings"],
      'has no column "ratings" for the target (did you mean "rating"?)',
    ],
    ["an unknown tag", "names", "tags.conll", "Ann B-DOG\n", [], "B-DOG"],
    [
      "a time for a classifier",
      "reviews",
      "some.csv",
      "review,sentiment\na,good\n",
      ["--from", "1"],
      "--from says nothing to a classifier",
    ],
    ["too few rows", "sales", "short.csv", "month,sales,noise\n1950-01,1,1\n", [], "expected a series of at least"],
  ])("answers 2 to %s", async (_, model, name, contents, args, message) => {
    await writeFile(at(name), contents);
    const refused = await evaluate(model, at(name), ...args);
    expect(refused).toMatchObject({ code: 2, results: "" });
    expect(refused.messages).toContain(message);
  });

  it("reads other columns where they are named", async () => {
    await writeFile(at("renamed.csv"), "said,felt\nI loved it,good\nI hated it,bad\n");
    const answer = await evaluate("reviews", at("renamed.csv"), "--input", "said", "--target", "felt", "--json");
    expect(JSON.parse(answer.results).metrics.test.accuracy).toBe(1);
  });

  it("refuses a data.json that is damaged", async () => {
    await unrolled("train", "classifier", at("reviews.csv"), "--out", at("damaged"), "--units", "4", "--epochs", "1");
    await writeFile(join(at("damaged"), "data.json"), "{");
    const refused = await evaluate("damaged", at("reviews.csv"));
    expect(refused).toMatchObject({ code: 1, messages: expect.stringContaining("data.json: is no JSON object") });
  });
});
