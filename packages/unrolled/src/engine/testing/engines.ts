import { kernelBuilds } from "../../../kernels/testing/instantiate.js";
import type { Engine, EngineName } from "../engine.js";
import { switchOnPairing } from "../pairing.js";
import { referenceEngine } from "../reference-engine.js";
import { wasmEngine } from "../wasm-engine.js";

switchOnPairing();

interface TestEngine {
  readonly name: EngineName;
  /** An engine with a memory of its own. */
  create(): Engine;
}

/**
 * The Wasm engines that this host can run, `relaxed` among them wherever Node has it, be it behind a flag, and `wide` beside it: its results
 * are the same where V8 doesn't pair.
 */
export const wasmEngines: readonly TestEngine[] = kernelBuilds
  .flatMap(({ name }) => (name === "relaxed" ? ([name, "wide"] as const) : [name]))
  .map((name) => ({ name, create: () => wasmEngine(name) }));

/** All engines in float32 that this host can run: what every case of kernels and ops is tried on. */
export const engines: readonly TestEngine[] = [{ name: "reference", create: () => referenceEngine("float32") }, ...wasmEngines];
