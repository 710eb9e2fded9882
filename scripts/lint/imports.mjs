/** Fails on imports that point up the rooms of the design. Tests may look anywhere. */
import { readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { root } from "../root.mjs";
import { filesBelow } from "../set-up/fingerprint.mjs";
import { wrongImports } from "./import-direction.mjs";

const faults = ["unrolled", "data", "cli"]
  .flatMap((name) => [...filesBelow(join(root, "packages", name, "src")), ...filesBelow(join(root, "packages", name, "kernels"))])
  .map((path) => ({ path, file: relative(root, path).replaceAll(sep, "/") }))
  .filter(({ file }) => file.endsWith(".ts") && !file.endsWith(".test.ts") && !file.includes("/testing/"))
  .flatMap(({ path, file }) => wrongImports(file, readFileSync(path, "utf8")));

for (const fault of faults) process.stderr.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
