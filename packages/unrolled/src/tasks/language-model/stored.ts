import { TOKEN_UNITS } from "../../data/text/tokenizer.js";
import type { JsonObject } from "../../files/json/object.js";
import type { ModelStore } from "../../files/store.js";
import { CELLS } from "../cell-name.js";
import {
  LAYERS,
  loadWeights,
  readEpochs,
  readModelConfig,
  readRate,
  readTotals,
  UNITS,
  writeModelFiles,
} from "../model-files.js";
import { readVocabulary, vocabularyFile } from "../vocabulary-file.js";
import { readTrainedWordVectors, startOfSaved } from "../word-vectors.js";
import { describe } from "./model-readme.js";
import { languageModelNetwork } from "./network.js";
import type { LanguageModelParts, TrainedTokens, TrainedWith } from "./parts.js";

/** The format of a saved model. It rises when a reader of the one before would misread it. */
const FORMAT = 2;

export async function writeLanguageModel(store: ModelStore, model: LanguageModelParts): Promise<void> {
  const { network, vocabulary, trainedWith, history } = model;
  await writeModelFiles(store, {
    format: FORMAT,
    task: "language-model",
    config: { trainedWith },
    json: vocabularyFile(vocabulary),
    network,
    history,
    readme: describe(model),
  });
}

/** @throws {UnrolledError} `UNROLLED_FILE` or `UNROLLED_STATE_DICT`, as `LanguageModel.load`. */
export async function readLanguageModel(store: ModelStore): Promise<LanguageModelParts> {
  const { config, format, source } = await readModelConfig(store, "language-model", FORMAT);
  const trainedWith = readTrainedWith(config.object("trainedWith"), format, source);
  const totals = readTotals(config);
  config.finish();
  const vocabulary = await readVocabulary(store, trainedWith.tokens === "piece");
  const network = languageModelNetwork(trainedWith, vocabulary.size, trainedWith.seed, startOfSaved(trainedWith));
  await loadWeights(store, network);
  return { network, vocabulary, trainedWith, history: { ...totals, epochs: await readEpochs(store) } };
}

function readTrainedWith(trained: JsonObject, format: number, source: string): TrainedWith {
  return {
    cell: trained.oneOf("cell", CELLS),
    units: trained.integer("units", UNITS),
    layers: trained.integer("layers", LAYERS),
    embeddingUnits: trained.integer("embeddingUnits", UNITS),
    dropout: readRate(trained, "dropout", source),
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
  };
}

/** Format 1 knew characters alone, and all of them. */
function readTokens(trained: JsonObject, format: number): TrainedTokens {
  if (format === 1) return { tokens: "char", splitPunctuation: true, minimumCount: 1 };
  return {
    tokens: trained.oneOf("tokens", TOKEN_UNITS),
    splitPunctuation: trained.boolean("splitPunctuation"),
    minimumCount: trained.integer("minimumCount", { min: 1 }),
    ...(trained.has("vocabularySize") ? { vocabularySize: trained.integer("vocabularySize", { min: 2 }) } : {}),
    ...readTrainedWordVectors(trained),
  };
}
