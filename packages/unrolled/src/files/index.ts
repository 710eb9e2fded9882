/**
 * What a model is stored in: safetensors files, and the places that hold them.
 *
 * @module unrolled/files
 */

export type { StoredDtype, StoredTensor } from "./safetensors/dtype.js";
export { nonFiniteTensors } from "./safetensors/finite.js";
export { readSafetensors, type SafetensorsFile } from "./safetensors/read.js";
export { writeSafetensors } from "./safetensors/write.js";
export { asStore, type ModelStore, memoryStore } from "./store.js";
export { readTokenizer } from "./tokenizer-json/read.js";
export { writeTokenizer } from "./tokenizer-json/write.js";
