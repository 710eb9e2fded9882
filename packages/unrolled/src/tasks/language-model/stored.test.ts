import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { engineInfo } from "../../engine/current.js";
import type { StoredTensor } from "../../files/safetensors/dtype.js";
import { readSafetensors } from "../../files/safetensors/read.js";
import { writeSafetensors } from "../../files/safetensors/write.js";
import { memoryStore } from "../../files/store.js";
import { plain } from "../../layers/testing/plain.js";
import { folder } from "../../node/folder.js";
import { LanguageModel } from "./language-model.js";
import { trainSmall } from "./testing/trained-model.js";
import { whaleTalk } from "./testing/whale-talk.js";

const root = mkdtempSync(join(tmpdir(), "unrolled-language-model-"));
afterAll(() => rmSync(root, { recursive: true }));

const unseen = whaleTalk(40, 9);
let model: LanguageModel;
const files = new Map<string, Uint8Array>();
beforeAll(async () => {
  model = await trainSmall({ epochs: 2, layers: 2, dropout: 0.2 });
  await model.save(files);
});

const textOf = (name: string) => new TextDecoder().decode(files.get(name));
const bytesOf = (text: string) => new TextEncoder().encode(text);
const sampleOf = (of: LanguageModel) => of.sample("wh", { length: 100, seed: 5 });

describe("a saved model", () => {
  it.each(["a map", "a store in memory", "a folder"])("gives the very bits of the one that was saved, from %s", async (place) => {
    const path = join(root, "deep", "whale");
    const store = { "a map": new Map<string, Uint8Array>(), "a store in memory": memoryStore() }[place] ?? folder(path);
    await model.save(store);
    const loaded = await LanguageModel.load(store);
    expect(plain(loaded.network.stateDict())).toEqual(plain(model.network.stateDict()));
    expect(await loaded.evaluate(unseen)).toEqual(await model.evaluate(unseen));
    expect(sampleOf(loaded)).toBe(sampleOf(model));
    expect(loaded.task).toBe("language-model");
    expect(loaded.trainedWith).toEqual(model.trainedWith);
    expect(loaded.history).toEqual(model.history);
    expect(loaded.vocabulary.symbols).toEqual(model.vocabulary.symbols);
  });

  it("gives the very bits in another process", async () => {
    const program = join(root, "continue-saved-model.mjs");
    const entry = fileURLToPath(new URL("./testing/continue-saved-model.ts", import.meta.url));
    await build({ entryPoints: [entry], outfile: program, bundle: true, platform: "node", format: "esm", logLevel: "error" });
    await model.save(folder(join(root, "whale")));
    const env = { ...process.env, UNROLLED_SIMD: engineInfo().name };
    const output = execFileSync(process.execPath, [...process.execArgv, program, join(root, "whale"), "wh", unseen], {
      encoding: "utf8",
      env,
    });
    expect(JSON.parse(output)).toEqual({ sample: sampleOf(model), metrics: await model.evaluate(unseen) });
  });

  it("is the same files again when it is saved after loading", async () => {
    const again = new Map<string, Uint8Array>();
    await (await LanguageModel.load(files)).save(again);
    expect(again).toEqual(files);
  });

  it("says in config.json what it is and how it was trained", () => {
    expect([...files.keys()].sort()).toEqual([
      "README.md",
      "config.json",
      "history.jsonl",
      "model.safetensors",
      "vocabulary.json",
    ]);
    const { epochs, ...totals } = model.history;
    expect(JSON.parse(textOf("config.json"))).toEqual({
      format: 2,
      task: "language-model",
      trainedWith: model.trainedWith,
      history: totals,
    });
    expect(epochs).toHaveLength(2);
  });

  it("has its characters in vocabulary.json, an epoch a line in history.jsonl, and weights by PyTorch's names", () => {
    expect(JSON.parse(textOf("vocabulary.json"))).toEqual({ tokens: "char", symbols: model.vocabulary.symbols });
    expect(textOf("history.jsonl").endsWith("}\n")).toBe(true);
    expect(
      textOf("history.jsonl")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual(model.history.epochs);
    const { tensors } = readSafetensors(files.get("model.safetensors") ?? new Uint8Array(), "weights");
    expect([...tensors.keys()].sort()).toEqual([
      "0.weight",
      "1.bias_hh_l0",
      "1.bias_hh_l1",
      "1.bias_ih_l0",
      "1.bias_ih_l1",
      "1.weight_hh_l0",
      "1.weight_hh_l1",
      "1.weight_ih_l0",
      "1.weight_ih_l1",
      "3.bias",
      "3.weight",
    ]);
  });

  it("says in its README.md what it is, what it was trained on and how well it does", () => {
    const readme = textOf("README.md");
    const [first, last] = model.history.epochs;
    expect(readme).toContain(
      `A character language model: 2 layers of 32 LSTM units,\n${model.parameterCount.toLocaleString("en")} parameters, ` +
        `${model.vocabulary.size - 1} characters.`,
    );
    expect(readme).toContain(model.network.summary());
    expect(readme).toContain(
      `Trained on ${model.trainedWith.trainTokens.toLocaleString("en")} characters and validated on ` +
        `${model.trainedWith.validationTokens.toLocaleString("en")}\n(seed 7), ${model.history.steps} steps in `,
    );
    expect(readme).toContain(`Validation loss: ${last?.validationLoss?.toFixed(4)} nats,`);
    expect(readme).toContain(`| 1 | ${first?.step} | ${first?.loss.toFixed(4)} | ${first?.validationLoss?.toFixed(4)} |`);
    expect(readme).toContain("const model = await loadModel(folder(");
  });

  it("loads models of format 1, which had characters alone", async () => {
    const config = JSON.parse(textOf("config.json"));
    const { trainTokens, validationTokens, tokens, splitPunctuation, minimumCount, tieEmbeddings, optimizer, ...rest } =
      config.trainedWith;
    const trainedWith = { ...rest, trainCharacters: trainTokens, validationCharacters: validationTokens };
    const old = new Map(files);
    old.set("config.json", new TextEncoder().encode(JSON.stringify({ ...config, format: 1, trainedWith })));
    old.set("vocabulary.json", new TextEncoder().encode(JSON.stringify({ symbols: model.vocabulary.symbols })));
    const loaded = await LanguageModel.load(old);
    expect(loaded.trainedWith).toEqual(model.trainedWith);
    expect(sampleOf(loaded)).toBe(sampleOf(model));
    expect([tokens, splitPunctuation, minimumCount, tieEmbeddings, optimizer]).toEqual(["char", true, 1, false, "adam"]);
  });

  it("loads without README.md, history.jsonl and files that don't belong to it", async () => {
    const bare = new Map(files);
    bare.delete("README.md");
    bare.delete("history.jsonl");
    bare.set("notes.txt", bytesOf("mine"));
    const loaded = await LanguageModel.load(bare);
    expect(loaded.history).toEqual({ ...model.history, epochs: [] });
    expect(sampleOf(loaded)).toBe(sampleOf(model));
  });
});

/** The model's files with one of them changed. */
function changed(name: string, content: string | Uint8Array): Map<string, Uint8Array> {
  return new Map(files).set(name, typeof content === "string" ? bytesOf(content) : content);
}

function changedConfig(change: (config: { format?: number; trainedWith: object }) => void): Map<string, Uint8Array> {
  const config = JSON.parse(textOf("config.json"));
  change(config);
  return changed("config.json", JSON.stringify(config));
}

function changedWeights(change: (tensors: Map<string, StoredTensor>) => void): Map<string, Uint8Array> {
  const bytes = files.get("model.safetensors") ?? new Uint8Array();
  const { tensors } = readSafetensors(bytes.slice(), "weights");
  const copy = new Map(tensors);
  change(copy);
  return changed("model.safetensors", writeSafetensors(copy));
}

const trainedWith = (fields: object) => () => changedConfig((config) => Object.assign(config.trainedWith, fields));
const place = "the model in memory";
type Case = [what: string, make: () => Map<string, Uint8Array>, message: string, code?: string];

describe("a damaged model is refused, naming file and place:", () => {
  it.each<Case>([
    ["nothing at all", () => new Map(), `${place}: no \`config.json\` here, so this is not a whole model; it is empty.`],
    ...["config.json", "vocabulary.json", "model.safetensors"].map((name): Case => {
      const rest = ["README.md", "config.json", "history.jsonl", "model.safetensors", "vocabulary.json"].filter(
        (other) => other !== name,
      );
      const without = () => new Map([...files].filter(([other]) => other !== name));
      return [`no ${name}`, without, `${place}: no \`${name}\` here, so this is not a whole model; it holds ${rest.join(", ")}.`];
    }),
    ["config.json that is no JSON", () => changed("config.json", "{"), `${place}/config.json: `],
    [
      "config.json that is a list",
      () => changed("config.json", "[]"),
      `${place}/config.json: must be a JSON object, received an empty array.`,
    ],
    [
      "a newer format",
      () => changedConfig((config) => Object.assign(config, { format: 3, novelty: true })),
      `${place}/config.json: the model has format 3, this version reads up to 2; update unrolled.`,
    ],
    [
      "no format",
      () => changedConfig((config) => delete config.format),
      `${place}/config.json: \`format\` is missing; it must be an integer of at least 1.`,
    ],
    [
      "another task",
      () => changedConfig((config) => Object.assign(config, { task: "translator" })),
      `${place}/config.json: \`task\` must be "language-model", received "translator".`,
    ],
    [
      "an unknown cell",
      trainedWith({ cell: "mamba" }),
      `${place}/config.json: \`trainedWith.cell\` must be one of "rnn", "lstm", "gru", received "mamba".`,
    ],
    [
      "units that nobody has",
      trainedWith({ units: 1e9 }),
      `${place}/config.json: \`trainedWith.units\` must be an integer from 1 to 65536, received 1000000000.`,
    ],
    [
      "layers that nobody has",
      trainedWith({ layers: 1000 }),
      `${place}/config.json: \`trainedWith.layers\` must be an integer from 1 to 64, received 1000.`,
    ],
    [
      "dropout of everything",
      trainedWith({ dropout: 1 }),
      `${place}/config.json: \`trainedWith.dropout\` must be below 1, received 1.`,
    ],
    [
      "a field that is not known",
      trainedWith({ heads: 8 }),
      `${place}/config.json: \`trainedWith.heads\` is not a known field; remove it, or use the version that wrote the file.`,
    ],
    [
      "vocabulary.json with a word",
      () => changed("vocabulary.json", JSON.stringify({ symbols: ["\ufffd", "a", "whale"] })),
      `${place}/vocabulary.json: vocabulary: entry 2 must be a single character that stands only once, and \\uFFFD the first; received "whale".`,
    ],
    [
      "vocabulary.json of what is neither characters nor words",
      () => changed("vocabulary.json", '{"tokens":"piece","symbols":["\ufffd","a"]}'),
      `${place}/vocabulary.json: \`tokens\` must be one of "char", "word", received "piece".`,
    ],
    [
      "vocabulary.json without characters",
      () => changed("vocabulary.json", '{"symbols":["\\ufffd"]}'),
      `${place}/vocabulary.json: \`symbols\` must be an array of at least 2, received an array of 1.`,
    ],
    [
      "weights that are an LFS pointer",
      () => changed("model.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
      `${place}/model.safetensors: expected safetensors, received a Git LFS pointer`,
    ],
    [
      "weights that are cut off",
      () => changed("model.safetensors", (files.get("model.safetensors") ?? new Uint8Array()).slice(0, -4)),
      `${place}/model.safetensors: `,
    ],
    [
      "NaN weights",
      () =>
        changedWeights((tensors) => {
          for (const name of ["3.bias", "1.weight_hh_l0"]) (tensors.get(name) as { data: Float32Array }).data[0] = Number.NaN;
        }),
      `${place}/model.safetensors: 1.weight_hh_l0, 3.bias hold NaN or infinity, so the model can't predict; take an earlier copy or train anew.`,
    ],
    [
      "whole numbers as weights",
      () => changedWeights((tensors) => tensors.set("3.bias", { dtype: "I32", shape: [1], data: Int32Array.of(1) })),
      `${place}/model.safetensors: \`3.bias\` must hold floating-point numbers, received I32.`,
    ],
    [
      "a bad line in history.jsonl",
      () => changed("history.jsonl", `${textOf("history.jsonl")}{"epoch":0}\n`),
      `${place}/history.jsonl:3: \`epoch\` must be an integer of at least 1, received 0.`,
    ],
  ])("%s", async (_what, make, message) => {
    await expect(LanguageModel.load(make())).rejects.toMatchObject({
      code: "UNROLLED_FILE",
      message: expect.stringContaining(message),
    });
  });

  it("weights that are missing, unknown and misshaped, all of them", async () => {
    const weights = changedWeights((tensors) => {
      tensors.delete("0.weight");
      tensors.delete("3.bias");
      tensors.set("2.weight", { dtype: "F32", shape: [1], data: Float32Array.of(1) });
      tensors.set("1.bias_hh_l1", { dtype: "F32", shape: [2], data: Float32Array.of(1, 2) });
    });
    await expect(LanguageModel.load(weights)).rejects.toMatchObject({
      code: "UNROLLED_STATE_DICT",
      message:
        `${place}/model.safetensors: network: the weights don't fit: 0.weight is missing; ` +
        "1.bias_hh_l1 must be [128], received [2]; 3.bias is missing; 2.weight is unknown.",
    });
  });

  it("a vocabulary of another size than the weights", async () => {
    const size = model.vocabulary.size;
    const symbols = [...model.vocabulary.symbols, "Q"];
    await expect(LanguageModel.load(changed("vocabulary.json", JSON.stringify({ symbols })))).rejects.toMatchObject({
      code: "UNROLLED_STATE_DICT",
      message:
        `${place}/model.safetensors: network: the weights don't fit: 0.weight must be [${size + 1}, 8], received [${size}, 8]; ` +
        `3.weight must be [${size + 1}, 32], received [${size}, 32]; 3.bias must be [${size + 1}], received [${size}].`,
    });
  });

  it("sizes that the weights don't have, however large, without taking memory for them", async () => {
    const before = engineInfo().memoryBytes;
    await expect(LanguageModel.load(trainedWith({ units: 65536, layers: 64, embeddingUnits: 65536 })())).rejects.toMatchObject({
      code: "UNROLLED_STATE_DICT",
      message: expect.stringContaining("1.weight_ih_l0 must be [262144, 65536], received [128, 8]; "),
    });
    expect(engineInfo().memoryBytes).toBe(before);
  });

  it("a folder that isn't there", async () => {
    await expect(LanguageModel.load(folder(join(root, "nowhere")))).rejects.toMatchObject({
      code: "UNROLLED_FILE",
      message: `${join(root, "nowhere")}: there is no such folder; check the path, or train and save a model there first.`,
    });
  });
});
