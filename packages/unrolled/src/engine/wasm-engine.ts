import { UnrolledError } from "../errors.js";
import { WasmMemory } from "../memory/wasm-memory.js";
import { Engine } from "./engine.js";
import type { Kernels } from "./kernels.js";
import { type ModuleName, moduleBytes } from "./module-bytes.js";
import { pairingFault, switchOnPairing } from "./pairing.js";

export type WasmBuild = "baseline" | "relaxed" | "wide";

/** What makes up a build; of kernels with one name the last module's stand. */
const modulesOf: Readonly<Record<WasmBuild, readonly ModuleName[]>> = {
  baseline: ["baseline"],
  relaxed: ["relaxed"],
  wide: ["relaxed", "wide"],
};

const compiled = new Map<ModuleName, WebAssembly.Module>();
/** What `wideFault` found; null before it was asked. */
let fault: string | undefined | null = null;

/** Whether this host can run a build: its instructions are known to `WebAssembly.validate`. */
export function supportsBuild(build: WasmBuild): boolean {
  if (typeof WebAssembly !== "object") return false;
  return modulesOf[build].every((name) => compiled.has(name) || WebAssembly.validate(moduleBytes(name)));
}

/**
 * What keeps the wide build from being of use here, as the end of a sentence that begins with its name; undefined where nothing does. Asking
 * switches V8's pairing on for the whole process.
 */
export function wideFault(): string | undefined {
  if (fault !== null) return fault;
  if (!supportsBuild("wide")) fault = lacks("wide");
  else if (!switchOnPairing()) fault = "needs a V8 that pairs 128-bit operations, as that of Node 24 and later on x64 processors";
  else fault = pairingFault(moduleOf("relaxed"), moduleOf("wide"));
  return fault;
}

/** Compiles a build without blocking, so that the first network starts at once. */
export async function compileBuild(build: WasmBuild): Promise<void> {
  for (const name of modulesOf[build]) {
    if (!compiled.has(name)) compiled.set(name, await WebAssembly.compile(moduleBytes(name)));
  }
}

export interface WasmEngineOptions {
  /** Threads at most, the caller among them. Default: 1. */
  readonly threads?: number;
  /** Nanoseconds of work that are worth waking others. */
  readonly leastWork?: number;
  /** Of 64 KiB: a limit of its memory. Default: 4 GiB. */
  readonly maximumPages?: number;
}

/**
 * An engine on one Wasm build, with a memory of its own.
 *
 * @throws {UnrolledError} `UNROLLED_ENGINE` where the host can't run the build.
 */
export function wasmEngine(build: WasmBuild, { maximumPages, threads = 1, leastWork }: WasmEngineOptions = {}): Engine {
  if (!supportsBuild(build)) throw refusal(build, lacks(build));
  const modules = modulesOf[build].map(moduleOf);
  const memory = new WasmMemory(maximumPages);
  const imports = { env: { memory: memory.memory } };
  const exports = Object.assign({}, ...modules.map((module) => new WebAssembly.Instance(module, imports).exports));
  const { constantsEnd } = exports as { constantsEnd: () => number };
  const shared = { modules, memory: memory.memory, threads, ...(leastWork === undefined ? {} : { leastWork }) };
  return new Engine(build, memory, exports as unknown as Kernels, constantsEnd(), shared);
}

/** The error for a build that can't be had here. */
export function refusal(build: WasmBuild, reason: string): UnrolledError {
  return new UnrolledError(
    "UNROLLED_ENGINE",
    `engine: the ${build} build ${reason}; leave \`simd\` out and the best build that runs here is taken.`,
  );
}

function lacks(build: WasmBuild): string {
  return `needs WebAssembly with ${build === "baseline" ? "SIMD and threads" : "relaxed SIMD"}, which this host has not`;
}

function moduleOf(name: ModuleName): WebAssembly.Module {
  const module = compiled.get(name) ?? new WebAssembly.Module(moduleBytes(name));
  compiled.set(name, module);
  return module;
}
