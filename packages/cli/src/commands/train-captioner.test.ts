import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readImage } from "@unrolled/data";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sounds } from "../testing/small-data.js";
import { pngOf, strip, writeStrips } from "../testing/strips.js";
import { type Answer, unrolled, unrolledWith } from "../testing/unrolled.js";

let place = "";
const at = (name: string) => join(place, name);
const small = ["--units", "16", "--seed", "7", "--threads", "1", "--learning-rate", "0.02", "--batch", "16", "--dropout", "0"];
const train = (data: string[], out: string, ...args: string[]) =>
  unrolled("train", "captioner", ...data.map(at), "--out", at(out), ...small, ...args);
const predict = (model: string, ...args: string[]) => unrolled("predict", at(model), ...args);
const objects = ({ results }: Answer) =>
  results
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
let trained: Answer;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "unrolled-captioner-"));
  await writeStrips(at("pictures"), 180);
  await writeFile(at("dash-bar.png"), pngOf(strip(["dash", "bar"])));
  await writeFile(at("frame.png"), pngOf(strip(["frame"])));
  await writeFile(at("sounds.csv"), sounds(60));
  const ending = ["--epochs", "20", "--patience", "20", "--minimum-count", "1"];
  trained = await train(["pictures"], "trained", "--filters", "6,8", ...ending);
  expect(await train(["sounds.csv"], "sounds", ...ending)).toMatchObject({ code: 0 });
});
afterAll(async () => {
  await rm(place, { recursive: true });
});

describe("unrolled train captioner", () => {
  it("tells what it reads, how the model does beside the most frequent text, and what it makes of some", () => {
    expect(trained.code).toBe(0);
    expect(trained.messages).toContain(`${at("pictures")}: its texts are those of ${at("pictures/captions.csv")}.\n`);
    expect(trained.messages).toContain('input "file" (image); target "caption" (category).\n');
    expect(trained.messages).toContain("Pictures are 6 pixels high, grey.\n");
    expect(trained.messages).toMatch(/validation loss \d\.\d{3} .*examples\/s/);
    expect(trained.results).toMatch(/^Test, \d+ tokens +bleu +chrF +exactMatch +wordError +loss\n {2}LSTM, 16 units /);
    expect(trained.results).toMatch(/^ {2}the most frequent text +\d+\.\d{3} +\d+\.\d{3} +0\.\d{3} +\d\.\d{3}$/m);
    expect(trained.results).toMatch(/^ {2}(\S+\.png)\n {2}→ (\w+ ?)+\n {2}= (\w+ ?)+\n[\s\S]*unrolled predict .* \1$/m);
    const [, exact = 0] = /16 units +[\d.]+ +[\d.]+ +([\d.]+)/.exec(trained.results) ?? [];
    expect(Number(exact)).toBeGreaterThan(0.9);
  });

  it("gives one JSON object with --json, and trains what the options say", async () => {
    const model = ["--cell", "gru", "--layers", "2", "--attention", "concat", "--filters", "4", "--kernel-size", "5"];
    const more = ["--encoder-layers", "0", "--label-smoothing", "0.1", "--scheduled-sampling", "0.5", "--tokens", "char"];
    const options = [...model, ...more, "--epochs", "1", "--image-height", "8", "--colour", "--beam", "2", "--json"];
    const answer = await train(["pictures/captions.csv"], "json", ...options);
    const metrics = Object.fromEntries(
      ["bleu", "chrF", "exactMatch", "wordError", "loss", "perplexity"].map((name) => [name, expect.any(Number)]),
    );
    expect(answer.results).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(answer.results)).toMatchObject({
      task: "captioner",
      metrics: { train: { loss: expect.any(Number) }, validation: metrics, test: metrics },
      baseline: { mostFrequentText: { bleu: 0, exactMatch: expect.any(Number), wordError: expect.any(Number) } },
      model: at("json"),
    });
    const { trainedWith, input, text } = JSON.parse(await readFile(join(at("json"), "config.json"), "utf8"));
    expect(trainedWith).toMatchObject({
      ...{ input: "image", cell: "gru", units: 16, layers: 2, attention: "concat", labelSmoothing: 0.1, scheduledSampling: 0.5 },
      image: { filters: [4], kernelSize: 5, encoderLayers: 0 },
    });
    expect([input.height, input.channels, text.tokens]).toEqual([8, 3, "char"]);
    // pictures that are asked about are read as those that were trained on
    expect(await predict("json", at("frame.png"))).toMatchObject({ code: 0 });
  });

  it("writes about labels, beside the most frequent text of each, and about columns of numbers", async () => {
    const labels = await train(["sounds.csv"], "labels", "--epochs", "1");
    expect(labels.messages).toContain('input "animal" (category); target "sound" (category).\n');
    expect(labels.results).toMatch(/^ {2}each label's most frequent text +100\.000 +100\.000 +1\.000 +0\.000$/m);
    const rows = Array.from({ length: 60 }, (_, n) => `${n % 2},${n % 3},${n % 2 ? "odd" : "even"} and ${n % 3}`);
    await writeFile(at("numbers.csv"), `a,b,text\n${rows.join("\n")}\n`);
    const numbers = await train(["numbers.csv"], "numbers", "--epochs", "20", "--patience", "20");
    expect(numbers.messages).toContain('input "a" (number), "b" (number); target "text" (category).\n');
    expect((await predict("numbers", "[1, 2]", "[0,1]")).results).toBe("[1,2]\todd and 2\n[0,1]\teven and 1\n");
    expect((await predict("numbers", "--file", at("numbers.csv"))).results.split("\n")[1]).toBe("[1,1]\todd and 1");
  });

  it("writes about sentences", async () => {
    const rows = Array.from(
      { length: 60 },
      (_, n) =>
        `${["a", "the"][n % 2]} ${["cow", "hen"][(n % 4) >> 1]} of ${n},${["one", "that"][n % 2]} ${["moos", "clucks"][(n % 4) >> 1]} ${n}`,
    );
    await writeFile(at("sentences.csv"), `said,answer\n${rows.join("\n")}\n`);
    const sentences = await train(["sentences.csv"], "sentences", "--epochs", "25", "--patience", "25");
    expect(sentences.messages).toContain('input "said" (text); target "answer" (text).\n');
    expect((await predict("sentences", "a hen of 7", "--beam", "1")).results).toMatch(/^one clucks /);
    await writeFile(at("one.csv"), "said,answer\nthe cow of 9,that moos 9\n");
    expect((await predict("sentences", "--file", at("one.csv"))).results).toMatch(/^the cow of 9\tthat moos /);
    expect(await unrolled("evaluate", at("sentences"), at("one.csv"))).toMatchObject({ code: 0 });
  });

  it("keeps the texts of one picture on one side of the split", async () => {
    const rows = Array.from({ length: 20 }, (_, n) => `strips/${n}.png,one\nstrips/${n}.png,two\n`);
    await writeFile(at("pictures/twice.csv"), `file,caption\n${rows.join("")}`);
    const answer = await train(["pictures/twice.csv"], "twice", "--epochs", "1", "--validation", "0.3", "--test", "0.3");
    const [, ...sizes] = /Training on (\d+) examples, validating on (\d+), testing on (\d+)/.exec(answer.messages) ?? [];
    expect(sizes.map((size) => Number(size) % 2)).toEqual([0, 0, 0]);
    await rm(at("pictures/twice.csv"));
  });

  it("goes on with --resume to the weights of an unbroken training", async () => {
    const weights = (model: string) => readFile(join(at(model), "model.safetensors"));
    await train(["pictures"], "unbroken", "--epochs", "2", "--filters", "4");
    await train(["pictures"], "resumed", "--epochs", "1", "--filters", "4");
    expect((await train(["pictures"], "resumed", "--epochs", "2", "--filters", "4", "--resume")).code).toBe(0);
    expect((await weights("resumed")).equals(await weights("unbroken"))).toBe(true);
  });

  it.each([
    ["a missing folder", ["none"], {}, [], "none: no such file"],
    ["an empty table", ["empty.csv"], { "empty.csv": "" }, [], "empty.csv: is empty; expected a table"],
    ["pictures without texts", ["pictures/strips"], {}, [], "has pictures without texts; put each picture in a folder"],
    [
      "a picture without a text",
      ["gap.csv"],
      { "gap.csv": "f,t\nframe.png,a\nframe.png,\n" },
      [],
      'gap.csv:3: column "t": expected a text',
    ],
    ["a missing picture", ["lost.csv"], { "lost.csv": "f,t\nframe.png,a b\nlost.png,c d\n" }, [], "lost.csv:3: "],
    ["a column that isn't there", ["pictures"], {}, ["--target", "captain"], '(did you mean "caption"?)'],
    ["texts alone", ["texts.csv"], { "texts.csv": "text\na b\nc d\n" }, [], 'has no column for the input besides "text"'],
    ["filters for labels", ["sounds.csv"], {}, ["--filters", "8"], "`filters` is for images, and the examples have a label"],
    ["filters that are none", ["pictures"], {}, ["--filters", "8,x"], "Expected whole numbers of at least 1 with commas"],
    ["grey and colour", ["pictures"], {}, ["--grey", "--colour"], "option '--grey' cannot be used with option '--colour'"],
    ["an odd number of units", ["pictures"], {}, ["--units", "7"], "`units` must be even"],
    [
      "a label that training data lacks",
      ["sounds.csv"],
      { "dogs.csv": "animal,sound\ndog,woof says the dog\n" },
      ["--validation", "dogs.csv"],
      'dogs.csv:2: unknown label "dog"; expected one of "cow", "pig", "hen".',
    ],
  ])("answers 2 to %s", async (_, data, files, args, message) => {
    for (const [name, contents] of Object.entries(files)) await writeFile(at(name), contents);
    const refused = await train(data, "refused", ...args.map((arg) => (arg.endsWith(".csv") ? at(arg) : arg)));
    expect(refused).toMatchObject({ code: 2, results: "" });
    expect(refused.messages).toContain(message);
  });
});

describe("unrolled predict of a captioner", () => {
  it("gives a text about a picture, and behind their names about several, from paths, standard input and files", async () => {
    expect((await predict("trained", at("dash-bar.png"))).results).toBe("dash bar\n");
    const both = `${at("dash-bar.png")}\tdash bar\n${at("frame.png")}\tframe\n`;
    expect((await predict("trained", at("dash-bar.png"), at("frame.png"))).results).toBe(both);
    const piped = await unrolledWith({ input: `${at("dash-bar.png")}\n${at("frame.png")}\n` }, "predict", at("trained"));
    expect(piped.results).toBe(both);
    await writeFile(at("paths.txt"), "dash-bar.png\nframe.png\n");
    expect((await predict("trained", "--file", at("paths.txt"))).results).toBe(both);
    const folder = await predict("trained", "--file", at("pictures/strips"));
    expect(folder.results.split("\n")).toHaveLength(181);
    expect(folder.results).toMatch(/^\S*0\.png\tbar\n/);
  });

  it("writes word by word with --beam 1, several answers with --n-best, and about labels", async () => {
    expect((await predict("trained", at("dash-bar.png"), "--beam", "1")).results).toBe("dash bar\n");
    const lines = (await predict("trained", at("dash-bar.png"), "--beam", "4", "--n-best", "2")).results.trim().split("\n");
    expect(lines).toEqual([expect.stringMatching(/^-\d\.\d{3}\tdash bar$/), expect.stringMatching(/^-\d+\.\d{3}\t/)]);
    expect((await predict("sounds", "pig", "cow", "--beam", "1")).results).toBe(
      "pig\toink says the pig\ncow\tmoo says the cow\n",
    );
  });

  it("gives the attention over the picture's columns in an object with --json", async () => {
    const [answer] = objects(await predict("trained", at("dash-bar.png"), "--json"));
    expect(answer).toMatchObject({ input: at("dash-bar.png"), text: "dash bar", tokens: ["dash", "bar"], regionWidth: 4 });
    expect(answer.attention).toEqual([
      [expect.any(Number), expect.any(Number)],
      [expect.any(Number), expect.any(Number)],
    ]);
    expect(objects(await predict("sounds", "hen", "--json"))).toMatchObject([{ input: "hen", text: "cluck says the hen" }]);
  });

  it("draws the attention over the picture, which is in the drawing as it was read", async () => {
    const drawn = await predict("trained", at("dash-bar.png"), at("frame.png"), "--svg", at("attention.svg"));
    expect(drawn.messages).toBe(`What was read for each word is drawn in ${at("attention.svg")}.\n`);
    const svg = await readFile(at("attention.svg"), "utf8");
    expect(svg.match(/<title>/g)).toHaveLength(2 * 2);
    expect(svg).toContain(">dash</text>");
    await writeFile(at("inside.png"), Buffer.from(/base64,([^"]*)"/.exec(svg)?.[1] ?? "", "base64"));
    expect((await readImage(at("inside.png"))).data).toEqual((await readImage(at("dash-bar.png"))).data);
    expect([...(await readImage(at("inside.png"))).data]).toEqual(Array.from(strip(["dash", "bar"]).data));
  });

  it.each([
    ["a missing picture", "trained", ["none.png"], "none.png: no such file"],
    ["a table where a picture is expected", "trained", ["sounds.csv"], "sounds.csv: is neither PNG nor JPEG; convert it."],
    ["one picture as a file of inputs", "trained", ["--file", "frame.png"], "is one picture; expected a folder of them"],
    ["answers of no search", "trained", ["frame.png", "--beam", "1", "--n-best", "2"], "`nBest` must be at most beam, 1"],
    [
      "more answers than beginnings",
      "trained",
      ["frame.png", "--beam", "5", "--n-best", "6"],
      "`nBest` must be at most beam, 5, received 6",
    ],
    ["a horizon", "trained", ["frame.png", "--horizon", "2"], "--horizon says nothing to a captioner; leave it out."],
    [
      "a drawing of a label",
      "sounds",
      ["cow", "--svg", "a.svg"],
      "--svg draws what was read of a picture, and this captioner reads a label",
    ],
    ["an unknown label", "sounds", ["dog"], 'the label must be one that was trained on (cow, pig, hen), received "dog"'],
    ["a file without its column", "sounds", ["--file", "other.csv"], 'has no column "animal", which the model was trained on'],
  ])("answers 2 to %s", async (_, model, args, message) => {
    await writeFile(at("other.csv"), "a,b\nx,y\n");
    const refused = await predict(model, ...args.map((arg) => (/\.(png|csv)$/.test(arg) ? at(arg) : arg)));
    expect(refused.code).toBe(2);
    expect(refused.messages).toContain(message);
  });

  it("says what numbers look like where it gets others", async () => {
    const rows = Array.from({ length: 40 }, (_, n) => JSON.stringify({ values: [n % 2, 5], text: n % 2 ? "odd" : "even" }));
    await writeFile(at("lists.jsonl"), `${rows.join("\n")}\n`);
    expect(await train(["lists.jsonl"], "lists", "--epochs", "1")).toMatchObject({ code: 0 });
    const refused = await predict("lists", "one");
    expect(refused).toMatchObject({
      code: 2,
      messages: expect.stringContaining(
        'text 1: the model reads numbers, so expected JSON such as [0.1, 0.2, 0.3], received "one"',
      ),
    });
  });
});

describe("unrolled evaluate of a captioner", () => {
  it("measures with a beam and without, and gives metrics.test with --json", async () => {
    for (const beam of [["--beam", "1"], []]) {
      const answer = await unrolled("evaluate", at("trained"), at("pictures"), ...beam, "--json");
      expect(answer.code).toBe(0);
      const { task, metrics, tokens } = JSON.parse(answer.results);
      expect({ task, tokens }).toEqual({ task: "captioner", tokens: 180 * 2 + 90 });
      expect(metrics.test.exactMatch).toBeGreaterThan(0.9);
    }
    const table = await unrolled("evaluate", at("sounds"), at("sounds.csv"));
    expect(table.results).toMatch(/^Test, 300 tokens .*\n {2}LSTM, 16 units +100\.000 .*\n$/);
  });

  it("refuses a table without its columns, and options that say nothing to it", async () => {
    const other = await unrolled("evaluate", at("sounds"), at("pictures/captions.csv"));
    expect(other).toMatchObject({
      code: 2,
      messages: expect.stringContaining(
        'has no column "animal", which the model was trained on; its columns are "file", "caption"',
      ),
    });
    const refused = await unrolled("evaluate", at("trained"), at("pictures"), "--from", "2");
    expect(refused).toMatchObject({ code: 2, messages: expect.stringContaining("--from says nothing to a captioner") });
  });
});
