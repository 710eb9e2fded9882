import { Vocabulary } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";
import { type JsonObject, readJsonObject } from "../../files/json/object.js";
import { nonFiniteTensors } from "../../files/safetensors/finite.js";
import { readSafetensors } from "../../files/safetensors/read.js";
import { fromStored, toStored } from "../../files/safetensors/tensors.js";
import { writeSafetensors } from "../../files/safetensors/write.js";
import { type ModelStore, readRequired } from "../../files/store.js";
import type { Sequential } from "../../layers/sequential.js";
import type { StateDict } from "../../layers/state-dict.js";
import type { EpochRecord, TrainingHistory } from "../../training/history.js";
import { describe } from "./model-readme.js";
import { languageModelNetwork } from "./network.js";
import { CELLS, type LanguageModelTokens, TOKEN_UNITS } from "./options.js";
import type { LanguageModelParts, TrainedWith } from "./parts.js";

/** The format of a saved model. It rises when a reader of the one before would misread it. */
const FORMAT = 2;
/** More than anyone trains, and little enough that a network of it can be described before its weights are looked at. */
const MOST_UNITS = 65536;
const MOST_LAYERS = 64;

export async function writeLanguageModel(store: ModelStore, model: LanguageModelParts): Promise<void> {
  const { network, vocabulary, trainedWith, history } = model;
  const { epochs, ...totals } = history;
  const config = { format: FORMAT, task: "language-model", trainedWith, history: totals };
  const files: Record<string, string | Uint8Array> = {
    "config.json": `${JSON.stringify(config, undefined, 2)}\n`,
    "vocabulary.json": `${JSON.stringify(vocabularyFields(vocabulary))}\n`,
    "model.safetensors": writeSafetensors(toStored(network.stateDict())),
    "history.jsonl": epochs.map((record) => `${JSON.stringify(record)}\n`).join(""),
    "README.md": describe(model),
  };
  const encoder = new TextEncoder();
  const encoded = Object.entries(files).map(([name, content]): [string, Uint8Array] => [
    name,
    typeof content === "string" ? encoder.encode(content) : content,
  ]);
  await store.write(new Map(encoded));
}

function vocabularyFields({ tokens, splitPunctuation, symbols }: Vocabulary) {
  return tokens === "word" ? { tokens, splitPunctuation, symbols } : { tokens, symbols };
}

/** @throws {UnrolledError} `UNROLLED_FILE` or `UNROLLED_STATE_DICT`, as `LanguageModel.load`. */
export async function readLanguageModel(store: ModelStore): Promise<LanguageModelParts> {
  const { trainedWith, totals } = readConfig(await readRequired(store, "config.json"), `${store.description}/config.json`);
  const vocabulary = readVocabulary(await readRequired(store, "vocabulary.json"), `${store.description}/vocabulary.json`);
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
  const network = languageModelNetwork(trainedWith, vocabulary.size, trainedWith.seed);
  loadWeights(network, fromStored(tensors, source), source);
  const epochs = readHistory(await store.read("history.jsonl"), `${store.description}/history.jsonl`);
  return { network, vocabulary, trainedWith, history: { ...totals, epochs } };
}

/** @throws {UnrolledError} `UNROLLED_STATE_DICT`, which names the file and every weight that doesn't fit. */
function loadWeights(network: Sequential, tensors: StateDict, source: string): void {
  try {
    network.loadStateDict(tensors);
  } catch (cause) {
    throw new UnrolledError("UNROLLED_STATE_DICT", `${source}: ${(cause as Error).message}`, { cause });
  }
}

function readConfig(bytes: Uint8Array, source: string): { trainedWith: TrainedWith; totals: Omit<TrainingHistory, "epochs"> } {
  const config = readJsonObject(bytes, source);
  const format = config.integer("format", { min: 1 });
  if (format > FORMAT) {
    throw new UnrolledError(
      "UNROLLED_FILE",
      `${source}: the model has format ${format}, this version reads up to ${FORMAT}; update unrolled.`,
    );
  }
  config.oneOf("task", ["language-model"]);
  const trained = config.object("trainedWith");
  const history = config.object("history");
  const size = { min: 1, max: MOST_UNITS };
  const result = {
    trainedWith: {
      cell: trained.oneOf("cell", CELLS),
      units: trained.integer("units", size),
      layers: trained.integer("layers", { min: 1, max: MOST_LAYERS }),
      embeddingUnits: trained.integer("embeddingUnits", size),
      dropout: readDropout(trained, source),
      tieEmbeddings: format === 1 ? false : trained.boolean("tieEmbeddings"),
      ...readTokens(trained, format),
      batchSize: trained.integer("batchSize", { min: 1 }),
      sequenceLength: trained.integer("sequenceLength", { min: 1 }),
      optimizer: format === 1 ? "adam" : trained.string("optimizer"),
      learningRate: trained.number("learningRate", { min: 0 }),
      clipNorm: trained.number("clipNorm", { min: 0 }),
      seed: trained.integer("seed", { min: 0 }),
      trainTokens: trained.integer(format === 1 ? "trainCharacters" : "trainTokens", { min: 0 }),
      validationTokens: trained.integer(format === 1 ? "validationCharacters" : "validationTokens", { min: 0 }),
    },
    totals: {
      steps: history.integer("steps", { min: 0 }),
      skippedSteps: history.integer("skippedSteps", { min: 0 }),
      seconds: history.number("seconds", { min: 0 }),
      interrupted: history.boolean("interrupted"),
    },
  };
  config.finish();
  return result;
}

/** Format 1 knew characters alone, and all of them. */
function readTokens(
  trained: JsonObject,
  format: number,
): Omit<LanguageModelTokens, "vocabularySize"> & { vocabularySize?: number } {
  if (format === 1) return { tokens: "char", splitPunctuation: true, minimumCount: 1 };
  return {
    tokens: trained.oneOf("tokens", TOKEN_UNITS),
    splitPunctuation: trained.boolean("splitPunctuation"),
    minimumCount: trained.integer("minimumCount", { min: 1 }),
    ...(trained.has("vocabularySize") ? { vocabularySize: trained.integer("vocabularySize", { min: 2 }) } : {}),
  };
}

function readDropout(trained: JsonObject, source: string): number {
  const dropout = trained.number("dropout", { min: 0, max: 1 });
  if (dropout < 1) return dropout;
  throw new UnrolledError("UNROLLED_FILE", `${source}: \`trainedWith.dropout\` must be below 1, received ${dropout}.`);
}

function readVocabulary(bytes: Uint8Array, source: string): Vocabulary {
  const file = readJsonObject(bytes, source);
  const tokens = file.has("tokens") ? file.oneOf("tokens", TOKEN_UNITS) : "char";
  const splitPunctuation = tokens === "word" ? file.boolean("splitPunctuation") : true;
  const symbols = file.array("symbols", "string", { minLength: 2 });
  file.finish();
  try {
    return new Vocabulary(symbols, { tokens, splitPunctuation });
  } catch (cause) {
    throw new UnrolledError("UNROLLED_FILE", `${source}: ${(cause as Error).message}`, { cause });
  }
}

function readHistory(bytes: Uint8Array | undefined, source: string): EpochRecord[] {
  if (!bytes) return [];
  const lines = new TextDecoder().decode(bytes).split("\n").filter(Boolean);
  return lines.map((line, index) => {
    const record = readJsonObject(new TextEncoder().encode(line), `${source}:${index + 1}`);
    return {
      epoch: record.integer("epoch", { min: 1 }),
      step: record.integer("step", { min: 1 }),
      loss: record.number("loss"),
      ...(record.has("validationLoss") ? { validationLoss: record.number("validationLoss") } : {}),
      seconds: record.number("seconds", { min: 0 }),
    };
  });
}
