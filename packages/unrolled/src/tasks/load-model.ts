import { readJsonObject } from "../files/json/object.js";
import { asStore, type ModelStore, readRequired } from "../files/store.js";
import { Captioner } from "./captioner/captioner.js";
import { Classifier } from "./classifier/classifier.js";
import { Forecaster } from "./forecaster/forecaster.js";
import { LanguageModel } from "./language-model/language-model.js";
import { Tagger } from "./tagger/tagger.js";
import { Translator } from "./translator/translator.js";

/** The tasks, by the name that their models' `config.json` has. */
const tasks = {
  captioner: Captioner,
  classifier: Classifier,
  forecaster: Forecaster,
  "language-model": LanguageModel,
  tagger: Tagger,
  translator: Translator,
};

/** A model of any task, told apart by `.task`. */
export type AnyModel = Captioner | Classifier | Forecaster | LanguageModel | Tagger | Translator;

/**
 * Loads a model that was saved, whatever its task; `.task` tells which. Runs no code from it.
 *
 * @param store a folder (`folder` of `unrolled/node`), another store, or a map of files
 * @throws {UnrolledError} `UNROLLED_FILE` where a file is missing, damaged, of a newer format or of an unknown task.
 */
export async function loadModel(store: ModelStore | Map<string, Uint8Array>): Promise<AnyModel> {
  const place = asStore(store);
  const config = readJsonObject(await readRequired(place, "config.json"), `${place.description}/config.json`);
  const task = config.oneOf("task", Object.keys(tasks) as (keyof typeof tasks)[]);
  return await tasks[task].load(place);
}
