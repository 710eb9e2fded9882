import type { ModelStore } from "../files/store.js";
import { LanguageModel } from "./language-model/language-model.js";

/**
 * Loads a model that was saved, whatever its task; `.task` tells which. Runs no code from it.
 *
 * @param store a folder (`folder` of `unrolled/node`), another store, or a map of files
 * @throws {UnrolledError} `UNROLLED_FILE` where a file is missing, damaged, of a newer format or of an unknown task.
 */
export function loadModel(store: ModelStore | Map<string, Uint8Array>): Promise<LanguageModel> {
  return LanguageModel.load(store);
}
