import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A JSON file that a package of the benchmarks ships. */
export async function packageFile(name: string, path: string): Promise<unknown> {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return JSON.parse(await readFile(join(dirname(manifest), path), "utf8"));
}
