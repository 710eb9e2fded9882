import { UnrolledError } from "../errors.js";
import { WasmMemory } from "../memory/wasm-memory.js";
import { Engine } from "./engine.js";
import type { Kernels } from "./kernels.js";
import { bytes as baseline } from "./wasm/baseline.generated.js";
import { bytes as relaxed } from "./wasm/relaxed.generated.js";

export type WasmBuild = "baseline" | "relaxed";

const encoded: Record<WasmBuild, string> = { baseline, relaxed };
const modules = new Map<WasmBuild, WebAssembly.Module>();

function bytesOf(build: WasmBuild): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(encoded[build]), (character) => character.charCodeAt(0));
}

/** Whether this host can run a build: its instructions are known to `WebAssembly.validate`. */
export function supportsBuild(build: WasmBuild): boolean {
  return typeof WebAssembly === "object" && WebAssembly.validate(bytesOf(build));
}

/** Compiles a build without blocking, so that the first network starts at once. */
export async function compileBuild(build: WasmBuild): Promise<void> {
  if (!modules.has(build)) modules.set(build, await WebAssembly.compile(bytesOf(build)));
}

export interface WasmEngineOptions {
  /** Threads at most, the caller among them. Default: 1. */
  readonly threads?: number;
  /** Of 64 KiB: a limit of its memory. Default: 4 GiB. */
  readonly maximumPages?: number;
}

/**
 * An engine on one Wasm build, with a memory of its own.
 *
 * @throws {UnrolledError} `UNROLLED_ENGINE` where the host can't run the build.
 */
export function wasmEngine(build: WasmBuild, { threads = 1, maximumPages }: WasmEngineOptions = {}): Engine {
  if (!supportsBuild(build)) {
    throw new UnrolledError(
      "UNROLLED_ENGINE",
      `engine: the ${build} build needs WebAssembly with ${build === "relaxed" ? "relaxed SIMD" : "SIMD and threads"}, ` +
        `which this host has not; leave \`simd\` out and the best build that runs here is taken.`,
    );
  }
  const module = modules.get(build) ?? new WebAssembly.Module(bytesOf(build));
  modules.set(build, module);
  const memory = new WasmMemory(maximumPages);
  const { exports } = new WebAssembly.Instance(module, { env: { memory: memory.memory } });
  const { constantsEnd } = exports as { constantsEnd: () => number };
  const shared = { modules: [module], memory: memory.memory, threads };
  return new Engine(build, memory, exports as unknown as Kernels, constantsEnd(), shared);
}
