import type { JsonObject } from "../../files/json/object.js";
import type { ModelStore } from "../../files/store.js";
import { LAYERS, loadWeights, networkOf, readEpochs, readModelConfig, readTotals, writeModelFiles } from "../model-files.js";
import { readSide, readWriterTrainedWith, sideConfig, sideFiles } from "../writing/stored.js";
import { TextSource } from "../writing/text-source.js";
import { describe } from "./model-readme.js";
import { translatorNetwork } from "./network.js";
import type { TranslatorParts, TranslatorTrainedWith } from "./parts.js";

/** The format of a saved model. It rises when a reader of the one before would misread it. */
const FORMAT = 1;

export async function writeTranslator(store: ModelStore, model: TranslatorParts): Promise<void> {
  const { network, source, target, trainedWith, history } = model;
  await writeModelFiles(store, {
    format: FORMAT,
    task: "translator",
    config: { trainedWith, source: source.toJson(), target: sideConfig(target) },
    json: { ...source.files, ...sideFiles("target", target) },
    ...{ network, history },
    readme: describe(model),
  });
}

/** @throws {UnrolledError} `UNROLLED_FILE` or `UNROLLED_STATE_DICT`, as `Translator.load`. */
export async function readTranslator(store: ModelStore): Promise<TranslatorParts> {
  const { config, source: where } = await readModelConfig(store, "translator", FORMAT);
  const trainedWith = readTrainedWith(config.object("trainedWith"), where);
  const source = await TextSource.read(store, "source", config.object("source"));
  const target = await readSide(store, "target", config.object("target"));
  const totals = readTotals(config);
  config.finish();
  const network = networkOf(where, () => translatorNetwork(trainedWith, { source, target }, trainedWith.seed));
  await loadWeights(store, network);
  return { network, source, target, trainedWith, history: { ...totals, epochs: await readEpochs(store) } };
}

function readTrainedWith(trained: JsonObject, where: string): TranslatorTrainedWith {
  return {
    ...readWriterTrainedWith(trained, where),
    encoderLayers: trained.integer("encoderLayers", LAYERS),
    bidirectional: trained.boolean("bidirectional"),
  };
}
