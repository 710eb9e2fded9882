import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock } from "./lock.mjs";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unrolled-lock-"));
  path = join(folder, "lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("withLock", () => {
  it("lets one piece of work in at a time", async () => {
    let inside = 0;
    const work = async () => {
      inside++;
      await new Promise((resolve) => setTimeout(resolve, 20));
      return inside--;
    };
    expect(await Promise.all([withLock(work, path), withLock(work, path), withLock(work, path)])).toEqual([1, 1, 1]);
  });

  it("takes over the lock of a process that is gone", async () => {
    writeFileSync(path, String(2 ** 30));
    expect(await withLock(() => Promise.resolve("done"), path)).toBe("done");
  });

  it("gives the lock back when the work fails", async () => {
    await expect(withLock(() => Promise.reject(new Error("broken")), path)).rejects.toThrow("broken");
    expect(existsSync(path)).toBe(false);
  });
});
