import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * The current Node that comes with `npm install` as an optional dependency, one package a platform. Its V8 runs the kernels up to
 * twice as fast as that of Node 20.
 *
 * @returns {string | undefined} its path; undefined where no package fits this platform, or its program doesn't run here
 */
function currentNode() {
  const platform = process.platform === "win32" ? "win" : process.platform;
  const manifest = resolve(`node-${platform}-${process.arch}/package.json`);
  if (manifest === undefined) return undefined;
  const program = join(dirname(manifest), "bin", process.platform === "win32" ? "node.exe" : "node");
  return spawnSync(program, ["--version"]).status === 0 ? program : undefined;
}

/**
 * The Node to run the project on: the current one, else the host's own, which is said on standard error.
 *
 * @returns {string}
 */
export function nodeToRunOn() {
  const program = currentNode();
  if (program === undefined && Number.parseInt(process.versions.node, 10) < 24) {
    process.stderr.write(
      `unrolled: no current Node for ${process.platform}-${process.arch} is installed; running on ${process.version}, which is slower\n`,
    );
  }
  return program ?? process.execPath;
}

/**
 * @param {string} specifier
 * @returns {string | undefined}
 */
function resolve(specifier) {
  try {
    return createRequire(import.meta.url).resolve(specifier);
  } catch {
    return undefined;
  }
}
