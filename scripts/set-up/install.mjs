import { readFileSync } from "node:fs";
import { join } from "node:path";
import { npm } from "../launch/npm.mjs";
import { root } from "../root.mjs";

/** @typedef {{ version?: string, integrity?: string, optional?: boolean }} LockedPackage */

/**
 * Whether `node_modules` holds what the lockfile says, by npm's own record of what it installed. Optional packages may be
 * missing: most are another platform's.
 *
 * @param {string} [folder] the folder of package-lock.json
 * @returns {boolean}
 */
export function isInstalled(folder = root) {
  const installed = readPackages(join(folder, "node_modules/.package-lock.json"));
  if (installed === undefined) return false;
  return Object.entries(readPackages(join(folder, "package-lock.json")) ?? {}).every(([path, wanted]) => {
    const found = installed[path];
    if (!path.includes("node_modules/")) return true;
    if (found === undefined) return wanted.optional === true;
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/**
 * Installs what the lockfile says.
 *
 * @param {string} [folder] the folder of package-lock.json
 * @returns {Promise<void>}
 */
export async function install(folder = root) {
  const code = await npm(folder, ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (code !== 0) throw new Error(`npm ci failed in ${folder} with exit code ${code}; its messages are above`);
}

/**
 * @param {string} lockfile
 * @returns {Record<string, LockedPackage> | undefined}
 */
function readPackages(lockfile) {
  try {
    return JSON.parse(readFileSync(lockfile, "utf8")).packages;
  } catch {
    return undefined;
  }
}
