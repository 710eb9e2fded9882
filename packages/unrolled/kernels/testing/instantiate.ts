import { setFlagsFromString } from "node:v8";
import type { Kernels } from "../../src/engine/kernels.js";
import { moduleBytes } from "../../src/engine/module-bytes.js";

/** The first address that a test may write to: the constants of the kernels lie below. */
export const FIRST_ADDRESS = 16384;

const PAGE_ELEMENTS = 16384;

/** The kernels of one build over a memory of their own. */
export interface KernelInstance {
  readonly kernels: Kernels;
  readonly elements: Float32Array;
}

export interface KernelBuild {
  readonly name: "baseline" | "relaxed";
  /** Kernels over a memory with `length` elements from `FIRST_ADDRESS` on. */
  instantiate(length: number): KernelInstance;
}

/** The builds that this host can run: `baseline`, and `relaxed` where there is relaxed SIMD, which Node 20 has behind a flag. */
export const kernelBuilds: readonly KernelBuild[] = hostBuilds();

function hostBuilds(): KernelBuild[] {
  const builds = [buildOf("baseline", moduleBytes("baseline"))];
  const relaxedBytes = moduleBytes("relaxed");
  // Later versions have it without the flag, and print an error for its name.
  if (!WebAssembly.validate(relaxedBytes)) setFlagsFromString("--experimental-wasm-relaxed-simd");
  if (WebAssembly.validate(relaxedBytes)) builds.push(buildOf("relaxed", relaxedBytes));
  return builds;
}

function buildOf(name: KernelBuild["name"], bytes: Uint8Array<ArrayBuffer>): KernelBuild {
  const module = new WebAssembly.Module(bytes);
  return {
    name,
    instantiate(length) {
      const pages = Math.ceil((FIRST_ADDRESS + length) / PAGE_ELEMENTS);
      const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: true });
      const instance = new WebAssembly.Instance(module, { env: { memory } });
      return { kernels: instance.exports as unknown as Kernels, elements: new Float32Array(memory.buffer) };
    },
  };
}
