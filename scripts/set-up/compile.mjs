import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { run } from "../launch/run.mjs";
import { root } from "../root.mjs";
import { filesBelow, fingerprint } from "./fingerprint.mjs";

const packages = ["unrolled", "data", "cli"].map((name) => join(root, "packages", name));

/** Whether every `dist` was compiled from the sources as they are. */
export function isCompiled() {
  const current = sourceFingerprint();
  return packages.every((folder) => readStamp(folder) === current);
}

/**
 * Compiles the packages with `tsc -b`, and removes what earlier sources left in `dist`.
 *
 * @returns {Promise<void>}
 */
export async function compile() {
  const current = sourceFingerprint();
  const code = await run(
    process.execPath,
    [join(root, "node_modules/typescript/bin/tsc"), "-b", "packages/cli/tsconfig.source.json"],
    {
      cwd: root,
      stdio: ["ignore", 2, 2],
    },
  );
  if (code !== 0) throw new Error("the sources have type errors; they are listed above");
  for (const folder of packages) {
    removeOrphans(folder);
    writeFileSync(stampOf(folder), current);
  }
}

function sourceFingerprint() {
  const sources = packages.flatMap((folder) => [
    ...filesBelow(join(folder, "src")),
    ...filesBelow(join(folder, "kernels")).filter((file) => file.endsWith("reference.ts")),
    ...["tsconfig.json", "tsconfig.library.json", "tsconfig.node.json", "tsconfig.source.json", "package.json"].map((name) =>
      join(folder, name),
    ),
  ]);
  const settings = ["package-lock.json", "tsconfig.base.json"].map((name) => join(root, name));
  return fingerprint([...sources.filter((file) => !file.endsWith(".test.ts") && existsSync(file)), ...settings]);
}

/** @param {string} folder */
function removeOrphans(folder) {
  const dist = join(folder, "dist");
  for (const part of ["src", "kernels"]) {
    for (const file of filesBelow(join(dist, part))) {
      const source = join(folder, relative(dist, file).replace(/(\.d\.ts|\.js)(\.map)?$/, ".ts"));
      if (!existsSync(source)) rmSync(file);
    }
  }
}

/** @param {string} folder */
function stampOf(folder) {
  return join(folder, "dist/sources.sha256");
}

/** @param {string} folder */
function readStamp(folder) {
  return existsSync(stampOf(folder)) ? readFileSync(stampOf(folder), "utf8") : undefined;
}
