import { relative } from "node:path";
import { main } from "assemblyscript/asc";
import { root } from "../root.mjs";

const options = [
  ...["-O3", "--noAssert", "--runtime", "stub"],
  ...["--importMemory", "--sharedMemory", "--initialMemory", "1", "--maximumMemory", "65536"],
  ...["--enable", "simd", "--enable", "threads"],
];

/**
 * Compiles an AssemblyScript entry file.
 *
 * @param {string} entry absolute path
 * @param {{ relaxedSimd: boolean }} features
 * @returns {Promise<Uint8Array>} the WebAssembly module
 */
export async function compileKernels(entry, { relaxedSimd }) {
  /** @type {Map<string, Uint8Array | string>} */
  const written = new Map();
  const { error, stderr } = await main(
    [
      relative(root, entry),
      "--baseDir",
      root,
      "--outFile",
      "kernels.wasm",
      ...options,
      ...(relaxedSimd ? ["--enable", "relaxed-simd"] : []),
    ],
    { writeFile: (name, content) => void written.set(name, content) },
  );
  if (error !== null) throw new Error(`the kernels do not compile:\n${stderr.toString()}`, { cause: error });
  const module = written.get("kernels.wasm");
  if (!(module instanceof Uint8Array)) throw new Error("the AssemblyScript compiler wrote no module");
  return module;
}
