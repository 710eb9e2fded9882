import { beforeAll, describe, expect, it } from "vitest";
import { loadModel } from "../load-model.js";
import { Forecaster } from "./forecaster.js";
import { bitsOf, quick, waveRows } from "./testing/waves.js";

const files = new Map<string, Uint8Array>();
let model: Forecaster;

beforeAll(async () => {
  const rows = waveRows(120).map((row, index) => ({ ...row, group: index % 10 === 3 ? "b" : "a" }));
  const whole = rows
    .filter(({ group }) => group === "a")
    .map((row) => ({ ...row, values: { ...row.values, x: null as number | null } }));
  (whole[5] as { values: { x: number | null } }).values.x = 4;
  model = await Forecaster.train(whole, { ...quick, targets: ["y"], horizon: 3, scaling: "log", context: 10, patch: 5 });
  await model.save(files);
});

/** The files with a change of one that is JSON. */
function changed(name: string, change: (fields: Record<string, Record<string, unknown>>) => void): Map<string, Uint8Array> {
  const fields = JSON.parse(new TextDecoder().decode(files.get(name)));
  change(fields);
  return new Map([...files, [name, new TextEncoder().encode(JSON.stringify(fields))]]);
}

describe("a saved forecaster", () => {
  it("is the same one when it is loaded", async () => {
    const again = await loadModel(files);
    expect(again.task).toBe("forecaster");
    const loaded = again as Forecaster;
    expect(await bitsOf(loaded)).toEqual(await bitsOf(model));
    expect(await loaded.predict()).toEqual(await model.predict());
    expect(await loaded.evaluate(waveRows(60))).toEqual(await model.evaluate(waveRows(60)));
  });

  it("has a README that says what it foretells and how it is used", () => {
    const readme = new TextDecoder().decode(files.get("README.md"));
    expect([...files.keys()].sort()).toEqual(["README.md", "config.json", "context.json", "history.jsonl", "model.safetensors"]);
    expect(readme).toContain("Foretells `y` 3 steps ahead from 10 steps of 1\nbefore, reading `x` besides.");
    expect(readme).toContain("model.predict()");
  });

  it.each<[string, string, (fields: Record<string, Record<string, unknown>>) => void, string]>([
    [
      "config.json",
      "a cell that isn't known",
      (f) => Object.assign(f.trainedWith as object, { cell: "mlp" }),
      "`trainedWith.cell` must be one of",
    ],
    [
      "config.json",
      "a patch that doesn't divide",
      (f) => Object.assign(f.trainedWith as object, { patch: 3 }),
      "must divide the context of 10",
    ],
    [
      "config.json",
      "a target that is no column",
      (f) => Object.assign(f.trainedWith as object, { targets: ["z"] }),
      '`targets` names "z"',
    ],
    [
      "config.json",
      "a deviation of 0",
      (f) => Object.assign(f.series as object, { deviations: [0, 1] }),
      "`series.deviations[0]` must be",
    ],
    [
      "config.json",
      "means of other columns",
      (f) => Object.assign(f.series as object, { means: [1] }),
      "`series.means` must be an array of 2",
    ],
    [
      "config.json",
      "an unknown field",
      (f) => Object.assign(f.series as object, { more: 1 }),
      "`series.more` is not a known field",
    ],
    [
      "context.json",
      "a step outside",
      (f) => Object.assign((f.series as unknown as object[])[0] as object, { length: 1 }),
      "must be",
    ],
  ])("is refused where %s has %s", async (name, _, change, message) => {
    await expect(Forecaster.load(changed(name, change))).rejects.toThrow(message);
  });
});
