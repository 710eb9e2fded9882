/**
 * `npm run lock -- [folder]`: brings package-lock.json to what package.json asks for, on every platform. The folder is the
 * repository's, or one that has a lockfile of its own: `benchmarks` or `docs`.
 */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { npm } from "./launch/npm.mjs";
import { completeLockfile } from "./lockfile/complete.mjs";
import { root } from "./root.mjs";

const folder = resolve(root, process.argv[2] ?? ".");
const path = join(folder, "package-lock.json");

process.exitCode = await npm(folder, ["install", "--package-lock-only", "--no-audit", "--no-fund"]);
// npm notes there what it has only locked, so that it would seem to be installed
rmSync(join(folder, "node_modules/.package-lock.json"), { force: true });
if (process.exitCode === 0)
  writeFileSync(path, `${JSON.stringify(completeLockfile(JSON.parse(readFileSync(path, "utf8"))), null, 2)}\n`);
