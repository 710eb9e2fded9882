import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { root } from "../root.mjs";

const path = join(root, ".set-up.lock");

/**
 * Runs `work` while no other process on this machine sets up the same checkout. A lock whose process is gone is taken over.
 *
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(work) {
  while (!take()) await setTimeout(100);
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function take() {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (!ownerIsAlive()) rmSync(path, { force: true });
    return false;
  }
}

function ownerIsAlive() {
  try {
    const owner = readFileSync(path, "utf8");
    // Empty between the creation of the file and the writing of the number.
    if (owner !== "") process.kill(Number(owner), 0);
    return true;
  } catch (error) {
    // EPERM: alive, and another user's. ENOENT: the lock was given back meanwhile.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
