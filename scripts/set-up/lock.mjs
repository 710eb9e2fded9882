import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { root } from "../root.mjs";

/**
 * Runs `work` while no other process on this machine sets up the same checkout. A lock whose process is gone is taken over.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @param {string} [path] the file that is the lock
 * @returns {Promise<T>}
 */
export async function withLock(work, path = join(root, ".set-up.lock")) {
  while (!take(path)) await setTimeout(100);
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** @param {string} path */
function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    if (ownerIsGone(path)) rmSync(path, { force: true });
    return false;
  }
}

/** @param {string} path */
function ownerIsGone(path) {
  try {
    const owner = readFileSync(path, "utf8");
    // Empty between the creation of the file and the writing of the number.
    if (owner !== "") process.kill(Number(owner), 0);
    return false;
  } catch (error) {
    // Not EPERM: another user's process lives. Not ENOENT: the lock was given back meanwhile.
    return codeOf(error) === "ESRCH";
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
