import { beforeAll, describe, expect, it } from "vitest";
import { plain } from "../../layers/testing/plain.js";
import { LanguageModel } from "./language-model.js";
import type { LanguageModelOptions } from "./options.js";
import { text } from "./testing/trained-model.js";

const options: LanguageModelOptions = {
  units: 8,
  layers: 2,
  dropout: 0.2,
  batchSize: 4,
  sequenceLength: 16,
  steps: 12,
  seed: 7,
};
const weightsOf = (model: LanguageModel) => plain(model.network.stateDict());
const [one, other] = ["checkpoint-0.safetensors", "checkpoint-1.safetensors"];

/** Trains until a step, as if interrupted then, with checkpoints every two steps. */
function interrupted(checkpoints: Map<string, Uint8Array>, at: number, extra: LanguageModelOptions = {}): Promise<LanguageModel> {
  const controller = new AbortController();
  return LanguageModel.train(text, {
    ...options,
    ...extra,
    checkpoints,
    checkpointEvery: 2,
    signal: controller.signal,
    onProgress: ({ step }) => (step === at ? controller.abort() : undefined),
  });
}

let unbroken: LanguageModel;
beforeAll(async () => {
  unbroken = await LanguageModel.train(text, options);
});

describe("a language model's training", () => {
  it("that was interrupted, and again, and resumed ends with the very bits of an unbroken one", async () => {
    const checkpoints = new Map<string, Uint8Array>();
    expect((await interrupted(checkpoints, 5)).history).toMatchObject({ steps: 5, interrupted: true });
    expect((await interrupted(checkpoints, 7, { resume: true })).history).toMatchObject({ steps: 7, interrupted: true });
    const steps: number[] = [];
    const onProgress = ({ step }: { step: number }) => steps.push(step);
    const resumed = await LanguageModel.train(text, { ...options, checkpoints, resume: true, onProgress });
    expect(steps).toEqual([8, 9, 10, 11, 12]);
    expect(resumed.history).toMatchObject({ steps: 12, interrupted: false });
    expect(weightsOf(resumed)).toEqual(weightsOf(unbroken));
    expect(resumed.sample("wh", { length: 50, seed: 1 })).toBe(unbroken.sample("wh", { length: 50, seed: 1 }));
  });

  it("takes its seed from the checkpoint where none is given", async () => {
    const checkpoints = new Map<string, Uint8Array>();
    await interrupted(checkpoints, 4);
    const { seed: _seed, ...seedless } = options;
    const resumed = await LanguageModel.train(text, { ...seedless, checkpoints, resume: true });
    expect(resumed.trainedWith.seed).toBe(7);
    expect(weightsOf(resumed)).toEqual(weightsOf(unbroken));
  });

  it("begins anew where there is no checkpoint to resume from, and where it is not asked to resume", async () => {
    const checkpoints = new Map<string, Uint8Array>();
    expect(weightsOf(await LanguageModel.train(text, { ...options, checkpoints, resume: true }))).toEqual(weightsOf(unbroken));
    const anew = await LanguageModel.train(text, { ...options, steps: 2, checkpoints });
    expect(anew.history.steps).toBe(2);
    expect((await LanguageModel.train(text, { ...options, steps: 3, checkpoints, resume: true })).history.steps).toBe(3);
  });

  it("passes over a damaged checkpoint, says so, and still ends with the same bits from the one before", async () => {
    const checkpoints = new Map<string, Uint8Array>();
    await interrupted(checkpoints, 6);
    const sizes = [one, other].map((name) => checkpoints.get(name)?.length ?? 0);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    for (const damaged of [one, other]) {
      const files = new Map(Array.from(checkpoints, ([name, bytes]) => [name, bytes.slice()]));
      const bytes = files.get(damaged) ?? new Uint8Array();
      bytes[bytes.length - 10] = (bytes[bytes.length - 10] ?? 0) ^ 4;
      const notices: string[] = [];
      const onNotice = (notice: string) => notices.push(notice);
      const resumed = await LanguageModel.train(text, { ...options, checkpoints: files, resume: true, onNotice });
      expect(weightsOf(resumed)).toEqual(weightsOf(unbroken));
      expect(notices).toEqual([
        expect.stringMatching(
          new RegExp(
            `^the model in memory/${damaged}: the checksum doesn't match, the file was damaged after it was written\\. ` +
              "Going on from the checkpoint of step \\d instead\\.$",
          ),
        ),
      ]);
    }
  });

  it("says that no checkpoint can be read where all are damaged", async () => {
    const checkpoints = new Map([one, other].map((name) => [name, Uint8Array.of(1, 2, 3)]));
    await expect(LanguageModel.train(text, { ...options, checkpoints, resume: true })).rejects.toMatchObject({
      code: "UNROLLED_FILE",
      message: expect.stringMatching(
        /^no checkpoint can be read: .*checkpoint-0.*checkpoint-1.* Train from the beginning instead\.$/,
      ),
    });
  });

  it.each<[changed: LanguageModelOptions, difference: string]>([
    [{ units: 9 }, "units was 8, now 9; embeddingUnits was 8, now 9"],
    [{ seed: 8 }, "seed was 7, now 8"],
    [{ learningRate: 0.5, clipNorm: 2 }, "learningRate was 0.003, now 0.5; clipNorm was 1, now 2"],
  ])("refuses to resume with other options: %j", async (changed, difference) => {
    const checkpoints = new Map<string, Uint8Array>();
    await interrupted(checkpoints, 4);
    await expect(LanguageModel.train(text, { ...options, ...changed, checkpoints, resume: true })).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message:
        `the model in memory: the checkpoint belongs to another training: ${difference}. ` +
        "Resume with what it was begun with, or train into another place.",
    });
  });

  it("refuses to resume on another text of the same length", async () => {
    const checkpoints = new Map<string, Uint8Array>();
    await interrupted(checkpoints, 4);
    const changed = text.replace("whale", "elahw");
    await expect(LanguageModel.train(changed, { ...options, checkpoints, resume: true })).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: expect.stringMatching(/the checkpoint belongs to another training: text was [0-9a-f]{8}, now [0-9a-f]{8}\./),
    });
  });
});
