import { kernelBuilds } from "../../../kernels/testing/instantiate.js";
import type { Engine } from "../engine.js";
import { referenceEngine } from "../reference-engine.js";
import { wasmEngine } from "../wasm-engine.js";

interface TestEngine {
  readonly name: "reference" | "baseline" | "relaxed";
  /** An engine with a memory of its own. */
  create(): Engine;
}

/** The Wasm engines that this host can run, `relaxed` among them wherever Node has it, be it behind a flag. */
export const wasmEngines: readonly TestEngine[] = kernelBuilds.map(({ name }) => ({ name, create: () => wasmEngine(name) }));

/** All engines in float32 that this host can run: what every case of kernels and ops is tried on. */
export const engines: readonly TestEngine[] = [{ name: "reference", create: () => referenceEngine("float32") }, ...wasmEngines];
