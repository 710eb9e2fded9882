import { once } from "node:events";
import { openSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "unrolled";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Running, runUnrolled } from "./testing/run-unrolled.js";

/** Where the commands run: a text of about 6,000 characters and a small model of it. */
let place = "";
const text = Array.from({ length: 120 }, (_, line) => `${line}. she sells sea shells by the sea shore — so it goes\n`).join("");
const small = ["--units", "8", "--sequence", "16", "--seed", "7"];
const train = ["train", "language-model", "sea.txt", ...small];
const model = join("models", "language-model-sea");

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "unrolled-main-"));
  await writeFile(join(place, "sea.txt"), text);
  expect(await runUnrolled(place, ...train, "--epochs", "1")).toMatchObject({ code: 0, stdout: expect.stringContaining(model) });
});
afterAll(async () => {
  await rm(place, { recursive: true });
});

describe("the unrolled process", () => {
  it("runs on the best build that this Node can have", async () => {
    const info = await runUnrolled(place, "info", "--json");
    expect(info).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(info.stdout)).toMatchObject({
      version,
      engine: expect.stringMatching(Number.parseInt(process.versions.node, 10) >= 24 ? /^(wide|relaxed)$/ : /^relaxed$/),
      threads: expect.any(Number),
      gigaflopsPerThread: expect.any(Number),
      precision: "float32",
      node: process.versions.node,
      cores: expect.any(Number),
    });
    expect((await runUnrolled(place, "info")).stdout).toContain(`Node       ${process.versions.node}`);
  });

  it("keeps everything but the JSON object off standard output", async () => {
    const trained = await runUnrolled(place, ...train, "--out", "json", "--epochs", "1", "--json");
    expect(trained.code).toBe(0);
    expect(trained.stdout).toMatch(/^\{.*\}\n$/);
    expect(JSON.parse(trained.stdout)).toMatchObject({ task: "language-model", epochs: 1, model: "json" });
    expect(trained.stderr).toContain("epoch 1/1");
  });

  it("answers its exit code to the shell", async () => {
    expect((await runUnrolled(place, "generate", model, "--length", "5")).code).toBe(0);
    expect((await runUnrolled(place, "generate", "none")).code).toBe(1);
    expect((await runUnrolled(place, "generate", model, "--length", "none")).code).toBe(2);
  });

  it.skipIf(process.platform === "win32")(
    "finishes the step at Ctrl-C, saves, says so and answers 130; the model writes, and training goes on (no signals on Windows)",
    async () => {
      const endless = [...train, "--epochs", "1000000", "--out", "interrupted"];
      const training = new Running([...endless, "--json"], { folder: place });
      await training.writes(/^epoch .*step \d+/m);
      training.process.kill("SIGINT");
      const { code, stdout, stderr } = await training.ended;
      expect(code).toBe(130);
      expect(stderr).toContain("Stopping after this step, then saving. Ctrl-C again leaves at once, without saving.");
      const report = JSON.parse(stdout);
      expect(report).toMatchObject({ interrupted: true, model: "interrupted" });

      expect((await runUnrolled(place, "generate", "interrupted", "--length", "10")).code).toBe(0);
      const resumed = new Running([...endless, "--resume"], { folder: place });
      await resumed.writes(/^epoch /m);
      resumed.process.kill("SIGINT");
      const again = await resumed.ended;
      expect(again.code).toBe(130);
      expect(again.stderr).toContain(`Going on after step ${report.steps}.`);
      expect(again.stdout).toMatch(/^Stopped at step [\d,]+ of [\d,]+; the same command with --resume goes on from there\.\n/);
    },
  );

  it.skipIf(process.platform === "win32")("trains and saves although nobody reads its output any more", async () => {
    const training = new Running([...train, "--out", "unread", "--epochs", "3"], { folder: place });
    training.process.stdout?.destroy();
    training.process.stderr?.destroy();
    expect((await training.ended).code).toBe(0);
    expect(await readdir(join(place, "unread"))).toContain("model.safetensors");
  });

  it.skipIf(process.platform === "win32")("ends quietly with 0 when the reader of what it writes has enough", async () => {
    const writing = new Running(["generate", model, "--length", "100000000"], { folder: place });
    await once(writing.process.stdout ?? writing.process, "data");
    writing.process.stdout?.destroy();
    expect(await writing.ended).toMatchObject({ code: 0, signal: null, stderr: "" });
  });

  it.skipIf(process.platform !== "linux")("answers 1 when its output can't be written", async () => {
    const writing = new Running(["generate", model, "--length", "10"], { folder: place, stdout: openSync("/dev/full", "w") });
    const { code, stderr } = await writing.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: standard output could not be written \(.*ENOSPC.*\)\.\n$/);
  });
});
