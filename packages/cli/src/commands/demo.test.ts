import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { folder as modelFolder } from "unrolled/node";
import { loadModel } from "unrolled/tasks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeHost } from "../testing/fake-host.js";
import { type DemoSettings, demo } from "./demo.js";

let folder = "";
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "unrolled-demo-")), "models", "moby-dick");
});
afterEach(async () => {
  await rm(join(folder, "..", ".."), { recursive: true });
});

/** The demo with a tiny network and few steps, on the whole book. */
const small = (): DemoSettings => ({
  folder,
  model: { cell: "lstm", units: 8, layers: 1, embeddingUnits: 8 },
  training: { steps: 20, batchSize: 8, sequenceLength: 16, learningRate: 4e-3, validation: 0.1, validateEvery: 10, seed: 1 },
  prompt: "Call me ",
  writing: { length: 300, temperature: 0.7, seed: 1 },
});

describe("demo", () => {
  it("trains on the book, compares itself with n-gram models, writes, and says what to try next", async () => {
    const host = new FakeHost();
    expect(await demo(host, "npm start --", small())).toBe(0);
    expect(host.messages.text).toContain("1,071,285 characters to learn from, 119,032 kept back to validate on.");
    expect(host.messages.text).toMatch(/step 20\/20 .* validation loss \d\.\d{3}/);

    const { text } = host.results;
    expect(text).toMatch(/^Validation loss per character {4}nats {4}bits\n/);
    for (const row of ["LSTM, 8 units", "6-gram                        1.556   2.245", "4-gram", "bigram"])
      expect(text).toContain(row);
    const written = text.match(/The model writes:\n\n(Call me .*)\n\nSaved in /s)?.[1] ?? "";
    expect([...written]).toHaveLength("Call me ".length + 300);
    expect(text).toContain(`\n  npm start -- generate ${folder} --prompt `);
    expect((await loadModel(modelFolder(folder))).trainedWith.units).toBe(8);
  });

  it("replaces what it made before, and never what somebody else made", async () => {
    const model = modelFolder(folder);
    await model.write(new Map([["model.safetensors", Uint8Array.of(1, 2, 3)]]));
    await expect(demo(new FakeHost(), "unrolled", small())).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: `demo: can't save in ${folder}, which is not its own or may not be written; start it from another folder.`,
    });
    expect(await readdir(folder)).toEqual(["model.safetensors"]);
    await writeFile(join(folder, "made-by-unrolled-demo.txt"), "");
    expect(await demo(new FakeHost(), "unrolled", small())).toBe(0);
  });

  it("saves at Ctrl-C what it has learned, says so and answers 130", async () => {
    const host = new FakeHost();
    const endless = { ...small(), training: { ...small().training, steps: 1_000_000 } };
    const running = demo(host, "unrolled", endless);
    while (!host.messages.text.includes("step ")) await new Promise((resolve) => setTimeout(resolve, 10));
    host.interrupt();
    expect(await running).toBe(130);
    expect(host.messages.text).toContain("Stopping after this step, then saving.");
    expect(host.results.text).toMatch(/^Stopped at step [\d,]+ of 1,000,000\.\nSaved in /);
    expect((await loadModel(modelFolder(folder))).history.interrupted).toBe(true);
  });
});
