import { UnrolledError } from "../errors.js";
import { type JsonObject, readJsonObject } from "../files/json/object.js";
import { nonFiniteTensors } from "../files/safetensors/finite.js";
import { readSafetensors } from "../files/safetensors/read.js";
import { fromStored, toStored } from "../files/safetensors/tensors.js";
import { writeSafetensors } from "../files/safetensors/write.js";
import { type ModelStore, readRequired } from "../files/store.js";
import type { StateDict } from "../layers/state-dict.js";
import type { Tensor } from "../tensor/tensor.js";
import type { TrainingHistory } from "../training/history.js";
import { epochRecord } from "../training/position.js";

/** More than anyone trains, and little enough that a network of it can be described before its weights are looked at. */
const MOST_UNITS = 65536;
const MOST_LAYERS = 64;

/** How many units a layer of a saved model may have. */
export const UNITS = { min: 1, max: MOST_UNITS };
/** How many layers. */
export const LAYERS = { min: 1, max: MOST_LAYERS };

/** What a model's files are written from. */
export interface ModelContent {
  /** Rises when a reader of the one before would misread the model. */
  readonly format: number;
  readonly task: string;
  /** Fields of `config.json` besides format, task and history. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Other JSON files, by name. */
  readonly json?: Readonly<Record<string, object>>;
  readonly network: { stateDict(): Map<string, Tensor> };
  readonly history: TrainingHistory;
  readonly readme: string;
}

/** Writes `config.json`, `model.safetensors`, `history.jsonl`, `README.md` and what else a task has, all or none. */
export async function writeModelFiles(store: ModelStore, content: ModelContent): Promise<void> {
  const { format, task, config, json = {}, network, history, readme } = content;
  const { epochs, ...totals } = history;
  const texts = {
    "config.json": `${JSON.stringify({ format, task, ...config, history: totals }, undefined, 2)}\n`,
    ...Object.fromEntries(Object.entries(json).map(([name, value]) => [name, `${JSON.stringify(value)}\n`])),
    "history.jsonl": epochs.map((record) => `${JSON.stringify(record)}\n`).join(""),
    "README.md": readme,
  };
  const encoder = new TextEncoder();
  const encoded = Object.entries(texts).map(([name, text]): [string, Uint8Array] => [name, encoder.encode(text)]);
  await store.write(new Map([...encoded, ["model.safetensors", writeSafetensors(toStored(network.stateDict()))]]));
}

/**
 * The fields of `config.json`; whoever read those of its task calls `finish`.
 *
 * @param newest the newest format that is read
 * @throws {UnrolledError} `UNROLLED_FILE` where it is missing, damaged, of a newer format or of another task.
 */
export async function readModelConfig(
  store: ModelStore,
  task: string,
  newest: number,
): Promise<{ config: JsonObject; format: number; source: string }> {
  const source = `${store.description}/config.json`;
  const config = readJsonObject(await readRequired(store, "config.json"), source);
  const format = config.integer("format", { min: 1 });
  if (format > newest) {
    throw new UnrolledError(
      "UNROLLED_FILE",
      `${source}: the model has format ${format}, this version reads up to ${newest}; update unrolled.`,
    );
  }
  config.oneOf("task", [task]);
  return { config, format, source };
}

/** A rate from 0 to below 1. */
export function readRate(fields: JsonObject, name: string, source: string, path = "trainedWith"): number {
  const rate = fields.number(name, { min: 0, max: 1 });
  if (rate < 1) return rate;
  throw new UnrolledError("UNROLLED_FILE", `${source}: \`${path}.${name}\` must be below 1, received ${rate}.`);
}

/** What training came to, of `config.json` alone. */
export function readTotals(config: JsonObject): Omit<TrainingHistory, "epochs"> {
  const history = config.object("history");
  const count = { min: 0 };
  const best = history.has("best") ? history.object("best") : undefined;
  return {
    steps: history.integer("steps", count),
    skippedSteps: history.integer("skippedSteps", count),
    seconds: history.number("seconds", count),
    interrupted: history.boolean("interrupted"),
    ...(best
      ? { best: { epoch: best.integer("epoch", count), step: best.integer("step", count), value: best.number("value") } }
      : {}),
    ...(history.has("stoppedEarly") ? { stoppedEarly: history.boolean("stoppedEarly") } : {}),
  };
}

/** What training went through, of `history.jsonl` where it is there. */
export async function readEpochs(store: ModelStore): Promise<TrainingHistory["epochs"]> {
  const bytes = await store.read("history.jsonl");
  const lines = new TextDecoder().decode(bytes).split("\n").filter(Boolean);
  return lines.map((line, index) =>
    epochRecord(readJsonObject(new TextEncoder().encode(line), `${store.description}/history.jsonl:${index + 1}`)),
  );
}

/**
 * Makes the network that `config.json` describes.
 *
 * @throws {UnrolledError} `UNROLLED_FILE` where each field is right by itself, and no network has them all.
 */
export function networkOf<N>(source: string, make: () => N): N {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof UnrolledError)) throw cause;
    throw new UnrolledError("UNROLLED_FILE", `${source}: describes no network: ${cause.message}`, { cause });
  }
}

/**
 * Gives a network the weights of `model.safetensors`.
 *
 * @throws {UnrolledError} `UNROLLED_FILE` where the file is missing or damaged, or holds NaN or infinity; `UNROLLED_STATE_DICT`, which names
 * the file and every weight that doesn't fit.
 */
export async function loadWeights(store: ModelStore, network: { loadStateDict(tensors: StateDict): void }): Promise<void> {
  const source = `${store.description}/model.safetensors`;
  const { tensors } = readSafetensors(await readRequired(store, "model.safetensors"), source);
  const broken = nonFiniteTensors(tensors);
  if (broken.length > 0) {
    throw new UnrolledError(
      "UNROLLED_FILE",
      `${source}: ${broken.join(", ")} ${broken.length === 1 ? "holds" : "hold"} NaN or infinity, so the model can't predict; ` +
        "take an earlier copy or train anew.",
    );
  }
  const weights = fromStored(tensors, source);
  try {
    network.loadStateDict(weights);
  } catch (cause) {
    throw new UnrolledError("UNROLLED_STATE_DICT", `${source}: ${(cause as Error).message}`, { cause });
  }
}
