import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { cacheFolder } from "./cache.js";

let bundled: Promise<string> | undefined;

/**
 * The program of contestants that run in Node, as plain JavaScript: a loader for TypeScript would count into their start-up and
 * memory.
 */
export function contestantProgram(): Promise<string> {
  bundled ??= bundle();
  return bundled;
}

async function bundle(): Promise<string> {
  const folder = join(cacheFolder(), "contestant");
  await build({
    entryPoints: [fileURLToPath(new URL("../contestant-process.ts", import.meta.url))],
    outdir: folder,
    bundle: true,
    // Each adapter a file of its own, loaded in its peer's process alone.
    splitting: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    outExtension: { ".js": ".mjs" },
    logLevel: "error",
  });
  return join(folder, "contestant-process.mjs");
}
