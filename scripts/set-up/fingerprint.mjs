import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { root } from "../root.mjs";

/**
 * Every file below a folder, sorted, without `node_modules` and `dist`.
 *
 * @param {string} folder
 * @returns {string[]} absolute paths
 */
export function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.name !== "node_modules" && entry.name !== "dist")
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]))
    .sort();
}

/**
 * A hash of files' names and contents: it changes exactly when a file is added, removed, renamed or edited.
 *
 * @param {readonly string[]} files absolute paths
 * @returns {string} hexadecimal SHA-256
 */
export function fingerprint(files) {
  const hash = createHash("sha256");
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${relative(root, file).replaceAll(sep, "/")}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}
