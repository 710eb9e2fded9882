import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { months } from "../testing/small-data.js";
import { unrolled } from "../testing/unrolled.js";

let place = "";
const at = (name: string) => join(place, name);
const small = ["--units", "4", "--seed", "7", "--epochs", "2"];
const train = (data: string, out: string, ...args: string[]) =>
  unrolled("train", "forecaster", at(data), "--out", at(out), ...small, ...args);
const configOf = async (model: string) => JSON.parse(await readFile(join(at(model), "config.json"), "utf8"));

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "unrolled-forecaster-"));
  await writeFile(at("sales.csv"), months(120));
});
afterAll(async () => {
  await rm(place, { recursive: true });
});

describe("unrolled train forecaster", () => {
  it("tells the columns, the parts by time, how the model does beside repeating what was, and draws what follows", async () => {
    const trained = await train(
      "sales.csv",
      "told",
      "--target",
      "sales",
      "--horizon",
      "6",
      "--epochs",
      "30",
      "--svg",
      at("told.svg"),
    );
    expect(trained.code).toBe(0);
    expect(trained.messages).toContain('target "sales" (number); time "month" (time); not used: "noise".\n');
    expect(trained.messages).toContain("Training on 96 rows, validating on 12, testing on 12.\n");
    expect(trained.messages).toMatch(/validation loss \d\.\d{3} .*windows\/s/);
    expect(trained.results).toMatch(/^Test, 7 forecasts +mae +rmse +mase +smape +coverage\n {2}GRU, 4 units +\d/);
    expect(trained.results).toMatch(/^ {2}the last value +\d.*\n {2}the value 12 steps before +12\.000 +12\.000 +1\.000/m);
    expect(trained.results).toMatch(/^sales, then 6 steps foretold:\n( *\d+ [┤┼].*\n)+/m);
    expect(trained.results).toContain(`unrolled predict ${at("told")} --file ${at("sales.csv")}`);
    expect(await readFile(at("told.svg"), "utf8")).toMatch(/^<svg .*class="forecast"/s);
  });

  it("gives one JSON object and nothing else as its results with --json", async () => {
    const trained = await train("sales.csv", "json", "--target", "sales", "--json");
    expect(trained.results).toMatch(/^\{.*\}\n$/);
    const scores = { mae: expect.any(Number), rmse: expect.any(Number), mase: expect.any(Number), smape: expect.any(Number) };
    const metrics = { loss: expect.any(Number), ...scores, coverage: expect.any(Number) };
    expect(JSON.parse(trained.results)).toMatchObject({
      task: "forecaster",
      epochs: 2,
      metrics: { train: { loss: expect.any(Number) }, validation: metrics, test: metrics },
      baseline: { lastValue: scores, seasonalNaive: scores },
      interrupted: false,
      model: at("json"),
    });
  });

  it("trains what the options say", async () => {
    const what = ["--target", "sales", "--input", "noise", "--known", "noise", "--horizon", "3", "--context", "18"];
    const how = ["--cell", "lstm", "--layers", "2", "--dropout", "0.25", "--batch", "8", "--learning-rate", "0.01"];
    const more = ["--season", "6", "--scaling", "none", "--window-scaling", "mean", "--intervals", "gaussian", "--level", "0.9"];
    const trained = await train("sales.csv", "options", ...what, ...how, ...more);
    expect(trained.code).toBe(0);
    expect(trained.results).toContain("the value 6 steps before");
    expect(trained.results).not.toContain("foretold:");
    expect((await configOf("options")).trainedWith).toMatchObject({
      ...{ targets: ["sales"], known: ["noise"], horizon: 3, context: 18, cell: "lstm", units: 4, layers: 2, dropout: 0.25 },
      ...{
        batchSize: 8,
        learningRate: 0.01,
        season: 6,
        scaling: "none",
        windowScaling: "mean",
        intervals: "gaussian",
        level: 0.9,
      },
    });
  });

  it("foretells all numbers of several series, each told of and drawn by itself", async () => {
    const rows = months(60).trim().split("\n").slice(1);
    const table = ["a", "b"].flatMap((shop) => rows.map((row) => `${row},${shop}`));
    await writeFile(at("shops.csv"), `month,sales,noise,shop\n${table.join("\n")}\n`);
    const trained = await train("shops.csv", "shops", "--group", "shop", "--horizon", "2", "--svg", at("shops.svg"));
    expect(trained.code).toBe(0);
    expect(trained.results).toMatch(/^Targets .*\n {2}sales .*\n {2}noise /m);
    expect(trained.results).toContain("a: sales, then 2 steps foretold:");
    const pictures = (await readdir(place)).filter((name) => name.startsWith("shops-"));
    expect(pictures).toEqual(["shops-a-noise.svg", "shops-a-sales.svg", "shops-b-noise.svg", "shops-b-sales.svg"]);
  });

  it("tests on a file that comes after, where the order is the time too", async () => {
    const values = (first: number) => Array.from({ length: 60 }, (_, k) => Math.sin((first + k) / 2).toFixed(4)).join("\n");
    await writeFile(at("before.csv"), `y\n${values(0)}\n`);
    await writeFile(at("after.csv"), `y\n${values(60)}\n`);
    const trained = await train("before.csv", "after", "--context", "8", "--test", at("after.csv"), "--validation", "0.2");
    expect(trained.code).toBe(0);
    expect(trained.messages).toContain("Training on 48 rows, validating on 12, testing on 60.\n");
    expect(trained.results).toMatch(/^Test, 60 forecasts/);
  });

  it("goes on with --resume to the weights of an unbroken training", async () => {
    const options = ["--target", "sales", "--patience", "9"];
    await train("sales.csv", "unbroken", ...options);
    await train("sales.csv", "resumed", ...options, "--epochs", "1");
    expect((await train("sales.csv", "resumed", ...options, "--resume")).code).toBe(0);
    const [one, other] = await Promise.all(["unbroken", "resumed"].map((name) => readFile(join(at(name), "model.safetensors"))));
    expect(one?.equals(other ?? one.subarray(1))).toBe(true);
  });

  it.each([
    [
      ["--horizon", "40"],
      "the test data has 12 steps, and a forecast 40; give more rows, a larger --test, or a smaller --horizon.",
    ],
    [["--horizon", "0"], "Expected a whole number of at least 1."],
    [["--time", "mont"], 'has no column "mont" for the time (did you mean "month"?); its columns are "month", "sales", "noise".'],
    [["--known", "holiday"], 'has no column "holiday" for the input'],
    [["--level", "1"], "Expected a number above 0 and below 1."],
    [["--context", "500"], "a series must have at least 501 steps to train on"],
    [["--strategy", "both"], "Allowed choices are direct, recursive."],
    [["--bidirectional"], "unknown option '--bidirectional'"],
  ])("answers 2 to %j", async (args, message) => {
    const refused = await train("sales.csv", "refused", ...args);
    expect(refused).toMatchObject({ code: 2, results: "" });
    expect(refused.messages).toContain(message);
    expect(await readdir(place)).not.toContain("refused");
  });

  it.each([
    ["what is no number", "words.csv", "month,sales\n1950-01,1\n1950-02,many\n", "can't guess which column is to be foretold"],
    ["a time that is none", "times.csv", "month,sales\n1950-01,1\nlater,2\n", 'times.csv:3: column "month": expected a moment'],
  ])("answers 2 to %s, with file and line where that is known", async (_, name, contents, message) => {
    await writeFile(at(name), contents);
    const refused = await train(name, "refused", ...(name === "times.csv" ? ["--time", "month"] : []));
    expect(refused).toMatchObject({ code: 2, messages: expect.stringContaining(message) });
  });
});
