import { describe, expect, it } from "vitest";
import { FolderStore } from "./folder-store.js";
import { CrashDisk } from "./testing/crash-disk.js";

const names = ["config.json", "model.safetensors", "vocabulary.json"];

/** What a save of each age holds: every file differs from that of every other save. */
const save = (age: string) => new Map(names.map((name) => [name, new TextEncoder().encode(`${age} ${name}, of some length`)]));

describe("FolderStore, on a disk that crashes", () => {
  it("holds one whole save after the process dies at any operation, and the next write works", async () => {
    await atEveryOperation(async (disk, operation) => {
      disk.dieAt(operation);
      await expect(new FolderStore("/models/whale", disk).write(save("new"))).rejects.toThrow("EKILLED");
      await expectWhole(disk.afterRestart());
    });
  });

  it("holds one whole save after a loss of power at any operation, and the next write works", async () => {
    await atEveryOperation(async (disk, operation) => {
      disk.dieAt(operation);
      await expect(new FolderStore("/models/whale", disk).write(save("new"))).rejects.toThrow("EKILLED");
      for (const left of disk.afterPowerLoss()) await expectWhole(left);
    });
  });

  it("holds the new save after a loss of power, once the write is over", async () => {
    const disk = await diskWith("old");
    await new FolderStore("/models/whale", disk).write(save("new"));
    for (const left of disk.afterPowerLoss()) expect(await contentOf(left)).toBe("new");
    const first = new CrashDisk();
    await new FolderStore("/models/whale", first).write(save("new"));
    for (const left of first.afterPowerLoss()) expect(await contentOf(left)).toBe("new");
  });

  it("holds nothing or the first save after a loss of power during the first", async () => {
    const counting = new CrashDisk();
    await new FolderStore("/models/whale", counting).write(save("new"));
    for (let operation = 0; operation < counting.operations; operation++) {
      const disk = new CrashDisk();
      disk.dieAt(operation);
      await expect(new FolderStore("/models/whale", disk).write(save("new"))).rejects.toThrow("EKILLED");
      for (const left of disk.afterPowerLoss()) expect(["new", "nothing"]).toContain(await contentOf(left));
    }
  });

  it("holds the old save, and nothing else, after any operation before the commit fails with a full disk", async () => {
    let failed = 0;
    await atEveryOperation(async (disk, operation) => {
      const before = disk.paths();
      disk.failAt(operation, "ENOSPC");
      const error = await new FolderStore("/models/whale", disk).write(save("new")).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ code: "UNROLLED_FILE" });
      expect(String(error)).toMatch(
        /^UnrolledError: \/models\/whale(\/[a-z.]+)?: can't be written: the disk is full \(ENOSPC\); make room and save again\.$/,
      );
      if ((await contentOf(disk)) === "old") {
        expect(disk.paths()).toEqual(before);
        failed++;
      }
      await expectWhole(disk);
    });
    expect(failed).toBeGreaterThan(2 * names.length);
  });

  it("removes the folders that it made for a save that fails", async () => {
    const disk = new CrashDisk();
    disk.failAt(3, "EROFS");
    await expect(new FolderStore("/models/whale", disk).write(save("new"))).rejects.toThrow(
      "/models/whale/config.json: can't be written: the file system is read-only (EROFS); choose another folder.",
    );
    expect(disk.paths()).toEqual(["/"]);
  });

  it("shows the files that an interrupted save left, once", async () => {
    await atEveryOperation(async (disk, operation) => {
      disk.dieAt(operation);
      await new FolderStore("/models/whale", disk).write(save("new")).catch(() => {});
      expect(await new FolderStore("/models/whale", disk.afterRestart()).list()).toEqual(names);
    });
  });

  it("leaves the files that a save does not hold", async () => {
    const disk = await diskWith("old");
    const store = new FolderStore("/models/whale", disk);
    await store.write(new Map([["notes.txt", Uint8Array.of(1)]]));
    await store.write(save("new"));
    expect(await store.list()).toEqual([...names, "notes.txt"].sort());
    expect(await store.read("notes.txt")).toEqual(Uint8Array.of(1));
  });
});

describe("FolderStore, with several at work", () => {
  it("writes one save after the other when both are asked for at once", async () => {
    const disk = new CrashDisk();
    const [first, second] = [new FolderStore("/models/whale", disk), new FolderStore("/models/whale", disk)];
    await Promise.all([first.write(save("old")), second.write(save("new"))]);
    expect(await contentOf(disk)).toBe("new");
    expect(disk.paths()).toEqual(["/", "/models", "/models/whale", ...names.map((name) => `/models/whale/${name}`)]);
  });

  it("writes after a write that failed", async () => {
    const disk = new CrashDisk();
    disk.failAt(4, "EIO");
    const store = new FolderStore("/models/whale", disk);
    const writes = [store.write(save("old")), store.write(save("new"))];
    expect((await Promise.allSettled(writes)).map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    expect(await contentOf(disk)).toBe("new");
  });

  it("refuses to mix the files of two saves", async () => {
    const disk = await diskWith("old");
    const [reader, writer] = [new FolderStore("/models/whale", disk), new FolderStore("/models/whale", disk)];
    await reader.read("config.json");
    await writer.write(save("new"));
    await expect(reader.read("model.safetensors")).rejects.toThrow(
      "/models/whale/config.json: changed while the model was being read, perhaps by a training that saves to it; read the model again.",
    );
    expect(new TextDecoder().decode(await reader.read("config.json"))).toContain("new");
    expect(new TextDecoder().decode(await reader.read("model.safetensors"))).toContain("new");
  });

  it("does not mind that a whole save is moved into place meanwhile, or that other files change", async () => {
    const disk = await diskWith("old");
    const counting = await diskWith("old");
    await new FolderStore("/models/whale", counting).write(save("new"));
    disk.dieAt(counting.operations - names.length - 2);
    await new FolderStore("/models/whale", disk).write(save("new")).catch(() => {});
    const restarted = disk.afterRestart();
    expect(restarted.paths()).toContain("/models/whale/.unrolled-saved/config.json");
    const reader = new FolderStore("/models/whale", restarted);
    expect(new TextDecoder().decode(await reader.read("config.json"))).toContain("new");
    await new FolderStore("/models/whale", restarted).write(new Map([["history.jsonl", Uint8Array.of(1)]]));
    expect(restarted.paths()).not.toContain("/models/whale/.unrolled-saved");
    expect(new TextDecoder().decode(await reader.read("model.safetensors"))).toContain("new");
  });

  it("lets one store load the model again after it was saved", async () => {
    const disk = await diskWith("old");
    const store = new FolderStore("/models/whale", disk);
    for (const name of names) await store.read(name);
    await new FolderStore("/models/whale", disk).write(save("new"));
    for (const name of names) expect(new TextDecoder().decode(await store.read(name))).toContain("new");
  });
});

/** Runs the body once for each changing operation of a save over an old one, on a new disk each time. */
async function atEveryOperation(body: (disk: CrashDisk, operation: number) => Promise<void>): Promise<void> {
  const counting = await diskWith("old");
  await new FolderStore("/models/whale", counting).write(save("new"));
  for (let operation = 0; operation < counting.operations; operation++) await body(await diskWith("old"), operation);
}

async function diskWith(age: string): Promise<CrashDisk> {
  const disk = new CrashDisk();
  await new FolderStore("/models/whale", disk).write(save(age));
  return disk.afterRestart();
}

/** One whole save is there; and the next one replaces it and leaves nothing behind. */
async function expectWhole(disk: CrashDisk): Promise<void> {
  expect(["old", "new"]).toContain(await contentOf(disk));
  await new FolderStore("/models/whale", disk).write(save("next"));
  expect(await contentOf(disk)).toBe("next");
  expect(disk.paths()).toEqual(["/", "/models", "/models/whale", ...names.map((name) => `/models/whale/${name}`)]);
}

/** The age of the save that the disk holds; "mixed" when its files are of several, or damaged. */
async function contentOf(disk: CrashDisk): Promise<string> {
  const store = new FolderStore("/models/whale", disk);
  if ((await store.list()).length === 0) return "nothing";
  const texts: (string | undefined)[] = [];
  for (const name of names) {
    const bytes = await store.read(name);
    texts.push(bytes && new TextDecoder().decode(bytes));
  }
  const age = ["old", "new", "next"].find((each) => texts[0]?.startsWith(each)) ?? "";
  return names.every((name, index) => texts[index] === `${age} ${name}, of some length`) ? age : `mixed: ${texts.join(" | ")}`;
}
