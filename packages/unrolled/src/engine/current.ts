import { UnrolledError } from "../errors.js";
import type { Engine, EngineName } from "./engine.js";
import { referenceEngine } from "./reference-engine.js";
import { compileBuild, supportsBuild, wasmEngine } from "./wasm-engine.js";

const NAMES: readonly EngineName[] = ["reference", "baseline", "relaxed"];

let current: Engine | undefined;
let requested: EngineName | undefined;

/** What `configure` chooses. */
export interface ConfigureOptions {
  /** The build to compute with. Default: as chosen before; at first `UNROLLED_SIMD` of the environment, else the best that the host can run. */
  simd?: EngineName;
}

/**
 * Chooses the engine for networks made from now on, and compiles it without blocking. Calling it is optional: the first network
 * does the same by itself. Networks that exist keep the engine that they were made on.
 *
 * @throws {UnrolledError} `UNROLLED_ENGINE` where the host can't run the build; `UNROLLED_VALUE` where there is no such build or option.
 */
export async function configure(options: ConfigureOptions = {}): Promise<void> {
  const unknown = Object.keys(options).find((option) => option !== "simd");
  if (unknown !== undefined) {
    throw new UnrolledError("UNROLLED_VALUE", `configure: there is no option \`${unknown}\`; the options are simd.`);
  }
  const wanted = options.simd === undefined ? requested : checkedName(options.simd, "configure: `simd`");
  const name = wanted ?? defaultName();
  if (name !== "reference" && supportsBuild(name)) await compileBuild(name);
  if (current?.name !== name) current = createEngine(name);
  requested = wanted;
}

/** What computes: the build, its precision, and the memory that it holds. */
export function engineInfo(): { name: EngineName; precision: "float32" | "float64"; memoryBytes: number } {
  const { name, precision, memory } = currentEngine();
  return { name, precision, memoryBytes: memory.elements.byteLength };
}

/** The engine that new networks are made on. */
export function currentEngine(): Engine {
  current ??= createEngine(requested ?? defaultName());
  return current;
}

/** Runs `work` with another engine for what it makes. Synchronous. */
export function withEngine<R>(engine: Engine, work: () => R): R {
  const before = current;
  current = engine;
  try {
    return work();
  } finally {
    current = before;
  }
}

function createEngine(name: EngineName): Engine {
  return name === "reference" ? referenceEngine() : wasmEngine(name);
}

function defaultName(): EngineName {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  const wanted = process?.env?.UNROLLED_SIMD;
  if (wanted) return checkedName(wanted, "UNROLLED_SIMD");
  if (supportsBuild("relaxed")) return "relaxed";
  return supportsBuild("baseline") ? "baseline" : "reference";
}

function checkedName(name: string, where: string): EngineName {
  const known = NAMES.find((candidate) => candidate === name);
  if (known) return known;
  throw new UnrolledError("UNROLLED_VALUE", `${where} must be one of ${NAMES.join(", ")}, received ${JSON.stringify(name)}.`);
}
