import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "./cache.js";

/**
 * Compiles a C++ program with g++, unless these very sources were compiled before.
 *
 * @returns its path, or why it can't be compiled
 */
export function compiled(source: URL, libraries: readonly string[]): { readonly program: string } | { readonly error: string } {
  const path = fileURLToPath(source);
  const options = ["-std=c++17", "-O2", ...libraries.map((library) => `-l${library}`)];
  const hash = createHash("sha256").update(readFileSync(path)).update(options.join(" ")).digest("hex");
  const program = join(cacheFolder(), `${basename(path, ".cpp")}-${hash.slice(0, 16)}`);
  if (existsSync(program)) return { program };
  const { status, stderr, error } = spawnSync("g++", [path, "-o", program, ...options], { encoding: "utf8" });
  if (status === 0) return { program };
  return { error: error?.message ?? stderr.split("\n").find((line) => line.includes("error")) ?? `exit code ${status}` };
}
