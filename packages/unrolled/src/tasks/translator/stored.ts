import type { JsonObject } from "../../files/json/object.js";
import type { ModelStore } from "../../files/store.js";
import { CELLS } from "../cell-name.js";
import { LAYERS, loadWeights, networkOf, readEpochs, readModelConfig, readTotals, writeModelFiles } from "../model-files.js";
import { readSide, readWriter, readWriterTraining, sideConfig, sideFiles } from "../writing/stored.js";
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
    config: { trainedWith, source: sideConfig(source), target: sideConfig(target) },
    json: { ...sideFiles("source", source), ...sideFiles("target", target) },
    ...{ network, history },
    readme: describe(model),
  });
}

/** @throws {UnrolledError} `UNROLLED_FILE` or `UNROLLED_STATE_DICT`, as `Translator.load`. */
export async function readTranslator(store: ModelStore): Promise<TranslatorParts> {
  const { config, source: where } = await readModelConfig(store, "translator", FORMAT);
  const trainedWith = readTrainedWith(config.object("trainedWith"), where);
  const source = await readSide(store, "source", config.object("source"));
  const target = await readSide(store, "target", config.object("target"));
  const totals = readTotals(config);
  config.finish();
  const sizes = { source: source.size, target: target.size };
  const network = networkOf(where, () => translatorNetwork(trainedWith, sizes, trainedWith.seed));
  await loadWeights(store, network);
  return { network, source, target, trainedWith, history: { ...totals, epochs: await readEpochs(store) } };
}

function readTrainedWith(trained: JsonObject, where: string): TranslatorTrainedWith {
  return {
    cell: trained.oneOf("cell", CELLS),
    ...readWriter(trained, where),
    encoderLayers: trained.integer("encoderLayers", LAYERS),
    bidirectional: trained.boolean("bidirectional"),
    ...readWriterTraining(trained, where),
    longestTarget: trained.integer("longestTarget", { min: 1 }),
  };
}
