import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

interface Page {
  readonly name: string;
  /** What a page imports that trains an LSTM. */
  readonly imports: string;
  /** Files that it loads besides, each a package and a path inside. */
  readonly files: readonly (readonly [name: string, path: string])[];
}

const pages: readonly Page[] = [
  { name: "unrolled", imports: `export { adam, crossEntropy, dense, fit, lstm, sequential } from "unrolled";`, files: [] },
  {
    name: "tfjs",
    imports: `
      export { input, layers, model, setBackend, tensor, train } from "@tensorflow/tfjs";
      export { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";`,
    files: [["@tensorflow/tfjs-backend-wasm", "dist/tfjs-backend-wasm-simd.wasm"]],
  },
  { name: "brain", imports: `export { recurrent } from "brain.js";`, files: [] },
];

/** Bytes that a page loads, minified and gzipped. */
export async function pageSizes(): Promise<readonly { readonly name: string; readonly bytes: number }[]> {
  return await Promise.all(
    pages.map(async ({ name, imports, files }) => {
      const contents = [await bundle(imports), ...files.map(([folder, path]) => readFileSync(join(folderOf(folder), path)))];
      return { name, bytes: contents.reduce((sum, content) => sum + gzipSync(content, { level: 9 }).length, 0) };
    }),
  );
}

async function bundle(imports: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: imports, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    platform: "browser",
    target: "es2022",
    // What Node alone has; on a page these branches are never taken.
    external: ["node:*", "fs", "path", "worker_threads", "perf_hooks", "os", "util", "string_decoder", "node-fetch"],
    logLevel: "error",
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

function folderOf(name: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}
