import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { folder } from "./folder.js";

describe("a folder that a training holds", () => {
  let path: string;
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), "unrolled-hold-"));
  });
  afterEach(() => rmSync(path, { recursive: true }));

  const holdPlace = (place: string) => folder(place).hold?.() as Promise<() => Promise<void>>;
  const hold = () => holdPlace(path);
  const leftBy = (process: number, host: string) =>
    writeFileSync(join(path, ".unrolled-training"), JSON.stringify({ process, host, since: "2026-01-01T00:00:00.000Z" }));

  it("is refused to a second training, which is told who holds it and since when", async () => {
    const release = await hold();
    await expect(hold()).rejects.toThrow(
      new RegExp(`^${path}: process ${process.pid} has been training into this folder since \\d{4}-.*; wait for it, train into`),
    );
    await release();
  });

  it("is free again, and holds nothing of it, once it is released", async () => {
    await (await hold())();
    expect(readdirSync(path)).toEqual([]);
    await (await hold())();
  });

  it("is not there afterwards where the hold made it and nothing was saved, and stays where something was", async () => {
    const [empty, used] = [join(path, "empty"), join(path, "used")];
    await (await holdPlace(empty))();
    const release = await holdPlace(used);
    await folder(used).write(new Map([["config.json", Uint8Array.of(1)]]));
    await release();
    expect(readdirSync(path)).toEqual(["used"]);
  });

  it("is not held by a process that died", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    leftBy(pid, hostname());
    await (await hold())();
  });

  it("is not held by a file that a crash left half-written", async () => {
    writeFileSync(join(path, ".unrolled-training"), "");
    await (await hold())();
  });

  it("stays held where a process of another machine may live", async () => {
    leftBy(1, "another-machine");
    await expect(hold()).rejects.toThrow("process 1 on another-machine has been training into this folder since 2026-01-01");
  });

  it("shows the hold neither as a file of the model nor as one that a save replaces", async () => {
    const release = await hold();
    const store = folder(path);
    await store.write(new Map([["config.json", Uint8Array.of(1)]]));
    expect(await store.list()).toEqual(["config.json"]);
    await expect(hold()).rejects.toThrow("has been training into this folder");
    await release();
  });
});
