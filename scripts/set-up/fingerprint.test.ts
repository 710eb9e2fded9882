import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { filesBelow, fingerprint } from "./fingerprint.mjs";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "unrolled-fingerprint-"));
  mkdirSync(join(folder, "room"));
  writeFileSync(join(folder, "room/a.ts"), "a");
  writeFileSync(join(folder, "b.ts"), "b");
});
afterEach(() => rmSync(folder, { recursive: true }));

const current = () => fingerprint(filesBelow(folder));

describe("fingerprint", () => {
  it("stays while a file is written anew with the same content", () => {
    const before = current();
    writeFileSync(join(folder, "b.ts"), "b");
    expect(current()).toBe(before);
  });

  it("changes when a file is edited, renamed or added", () => {
    const seen = new Set([current()]);
    writeFileSync(join(folder, "b.ts"), "B");
    seen.add(current());
    renameSync(join(folder, "b.ts"), join(folder, "c.ts"));
    seen.add(current());
    writeFileSync(join(folder, "room/d.ts"), "");
    seen.add(current());
    expect(seen.size).toBe(4);
  });
});

describe("filesBelow", () => {
  it("finds the files of every folder but node_modules and dist", () => {
    for (const name of ["node_modules", "dist"]) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, "e.ts"), "");
    }
    expect(filesBelow(folder)).toEqual([join(folder, "b.ts"), join(folder, "room/a.ts")]);
  });

  it("finds nothing in a folder that is not there", () => {
    expect(filesBelow(join(folder, "no such folder"))).toEqual([]);
  });
});
