import { setFlagsFromString } from "node:v8";
import type { Engine } from "../../engine/engine.js";
import { referenceEngine } from "../../engine/reference-engine.js";
import { supportsBuild, wasmEngine } from "../../engine/wasm-engine.js";

if (!supportsBuild("relaxed")) setFlagsFromString("--experimental-wasm-relaxed-simd");

export const engines: readonly { readonly name: string; readonly create: () => Engine }[] = [
  { name: "reference float64", create: () => referenceEngine("float64") },
  { name: "reference float32", create: () => referenceEngine() },
  { name: "baseline", create: () => wasmEngine("baseline") },
  ...(supportsBuild("relaxed") ? [{ name: "relaxed", create: () => wasmEngine("relaxed") }] : []),
];
