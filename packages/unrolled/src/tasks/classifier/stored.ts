import { Vocabulary } from "../../data/text/vocabulary.js";
import { UnrolledError } from "../../errors.js";
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
import { INPUT_NAMES } from "./examples.js";
import type { InputForm } from "./input-form.js";
import { Labels } from "./labels.js";
import { describeClassifier } from "./model-readme.js";
import { classifierNetwork } from "./network.js";
import { POOLINGS } from "./options.js";
import type { ClassifierParts, ClassifierTrainedWith } from "./parts.js";
import { RowInput } from "./row-input.js";
import { SequenceInput } from "./sequence-input.js";
import { SpelledTextInput } from "./spelled-text-input.js";
import { TextInput } from "./text-input.js";

/** The format of a saved classifier. It rises when a reader of the one before would misread it. */
const FORMAT = 1;

export async function writeClassifier(store: ModelStore, model: ClassifierParts): Promise<void> {
  const { network, form, labels, labelCounts, trainedWith, history } = model;
  const about = { input: form.toJson(), labels: { names: labels.names, several: labels.several, counts: labelCounts } };
  await writeModelFiles(store, {
    format: FORMAT,
    task: "classifier",
    config: { ...about, trainedWith },
    json: vocabularyFilesOf(form),
    network,
    history,
    readme: describeClassifier(model),
  });
}

/** @throws {UnrolledError} `UNROLLED_FILE` or `UNROLLED_STATE_DICT`, as `Classifier.load`. */
export async function readClassifier(store: ModelStore): Promise<ClassifierParts> {
  const { config, source } = await readModelConfig(store, "classifier", FORMAT);
  const { labels, labelCounts } = readLabels(config.object("labels"), source);
  const trainedWith = readTrainedWith(config.object("trainedWith"), source);
  const input = config.object("input");
  const form = await readForm(store, input);
  const totals = readTotals(config);
  config.finish();
  const network = classifierNetwork(trainedWith, form, labels.size, trainedWith.seed, startOfSaved(trainedWith));
  await loadWeights(store, network);
  return { network, form, labels, labelCounts, trainedWith, history: { ...totals, epochs: await readEpochs(store) } };
}

async function readForm(store: ModelStore, fields: JsonObject): Promise<InputForm> {
  switch (fields.oneOf("name", INPUT_NAMES)) {
    case "sequence":
      return SequenceInput.fromJson(fields);
    case "row":
      return RowInput.fromJson(fields);
    case "text": {
      const lowerCase = fields.boolean("lowerCase");
      const tokens = fields.has("tokens") ? fields.oneOf("tokens", ["piece", "both"]) : undefined;
      const vocabulary = await readVocabulary(store, tokens === "piece");
      if (tokens !== "both") return new TextInput(vocabulary, lowerCase);
      return new SpelledTextInput(vocabulary, readCharacters(fields, `${store.description}/config.json`), lowerCase);
    }
  }
}

function vocabularyFilesOf(form: InputForm): Record<string, object> {
  if (form instanceof SpelledTextInput) return vocabularyFile(form.words);
  return form instanceof TextInput ? vocabularyFile(form.vocabulary) : {};
}

function readCharacters(fields: JsonObject, source: string): Vocabulary {
  const symbols = fields.array("characters", "string", { minLength: 2 });
  try {
    return new Vocabulary(symbols);
  } catch (cause) {
    throw new UnrolledError("UNROLLED_FILE", `${source}: \`input.characters\`: ${(cause as Error).message}`, { cause });
  }
}

function readLabels(fields: JsonObject, source: string): { labels: Labels; labelCounts: number[] } {
  const several = fields.boolean("several");
  const names = fields.array("names", "string", { minLength: several ? 1 : 2 });
  if (new Set(names).size < names.length) {
    throw new UnrolledError("UNROLLED_FILE", `${source}: \`labels.names\` must be different from each other.`);
  }
  const counts = fields.array("counts", "integer", { minLength: names.length, maxLength: names.length, min: 0 });
  return { labels: new Labels(names, several), labelCounts: counts };
}

function readTrainedWith(fields: JsonObject, source: string): ClassifierTrainedWith {
  const count = { min: 0 };
  return {
    cell: fields.oneOf("cell", CELLS),
    units: fields.integer("units", UNITS),
    layers: fields.integer("layers", LAYERS),
    bidirectional: fields.boolean("bidirectional"),
    pooling: fields.oneOf("pooling", POOLINGS),
    embeddingUnits: fields.integer("embeddingUnits", UNITS),
    characterUnits: fields.integer("characterUnits", UNITS),
    ...readTrainedWordVectors(fields),
    dropout: readRate(fields, "dropout", source),
    embeddingDropout: readRate(fields, "embeddingDropout", source),
    inputDropout: readRate(fields, "inputDropout", source),
    recurrentDropout: readRate(fields, "recurrentDropout", source),
    outputDropout: readRate(fields, "outputDropout", source),
    labelSmoothing: readRate(fields, "labelSmoothing", source),
    ...(fields.has("classWeights") ? { classWeights: readClassWeights(fields.object("classWeights")) } : {}),
    batchSize: fields.integer("batchSize", { min: 1 }),
    optimizer: fields.string("optimizer"),
    learningRate: fields.number("learningRate", count),
    clipNorm: fields.number("clipNorm", count),
    seed: fields.integer("seed", count),
    trainExamples: fields.integer("trainExamples", { min: 1 }),
    validationExamples: fields.integer("validationExamples", count),
  };
}

function readClassWeights(weights: JsonObject): Record<string, number> {
  return Object.fromEntries(weights.fields().map((name) => [name, weights.number(name, { min: 0 })]));
}
