import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRequired } from "../files/store.js";
import { folder } from "./folder.js";

const root = mkdtempSync(join(tmpdir(), "unrolled-folder-"));
afterAll(() => rmSync(root, { recursive: true }));

let folders = 0;
const newPath = () => join(root, `model-${folders++}`);
const files = (...names: string[]) => new Map(names.map((name, index) => [name, Uint8Array.of(index + 1)]));

describe("folder", () => {
  it("gives back what was written, by plain files of those names", async () => {
    const path = join(newPath(), "deep", "whale");
    await folder(path).write(files("config.json", "model.safetensors"));
    expect(readdirSync(path).sort()).toEqual(["config.json", "model.safetensors"]);
    expect(await folder(path).read("model.safetensors")).toEqual(Uint8Array.of(2));
    expect(await folder(path).read("vocabulary.json")).toBeUndefined();
  });

  it("replaces files and leaves the others", async () => {
    const path = newPath();
    await folder(path).write(files("a", "b"));
    await folder(path).write(new Map([["b", new Uint8Array(100_000).fill(7)]]));
    expect(await folder(path).list()).toEqual(["a", "b"]);
    expect(await folder(path).read("a")).toEqual(Uint8Array.of(1));
    expect(await folder(path).read("b")).toEqual(new Uint8Array(100_000).fill(7));
  });

  it("lists files and folders, without hidden ones, and nothing where nothing is", async () => {
    const path = newPath();
    expect(await folder(path).list()).toEqual([]);
    mkdirSync(join(path, "whale"), { recursive: true });
    writeFileSync(join(path, "notes.txt"), "");
    writeFileSync(join(path, ".hidden"), "");
    expect(await folder(path).list()).toEqual(["notes.txt", "whale/"]);
    await expect(readRequired(folder(path), "config.json")).rejects.toThrow(
      `${path}: no \`config.json\` here, so this is not a whole model; it holds notes.txt, whale/.`,
    );
  });

  it("is called by the path that its user gave", async () => {
    expect(folder("models/no-such-whale").description).toBe("models/no-such-whale");
    await expect(folder("models/no-such-whale").read("config.json")).rejects.toMatchObject({
      code: "UNROLLED_FILE",
      message: "models/no-such-whale: there is no such folder; check the path, or train and save a model there first.",
    });
  });

  it("says that a file stands where the folder should be, in reading and in writing", async () => {
    const path = newPath();
    writeFileSync(path, "");
    const message = `${path}: must be a folder, but a file is in its place; give the folder that holds the model's files.`;
    await expect(folder(path).read("config.json")).rejects.toThrow(message);
    await expect(folder(path).list()).rejects.toThrow(message);
    await expect(folder(path).write(files("a"))).rejects.toThrow(message);
    await expect(folder(join(path, "below")).write(files("a"))).rejects.toMatchObject({ code: "UNROLLED_FILE" });
  });

  it("refuses a folder, a pipe and a file of more than 2 GiB in a file's place, at once", async () => {
    const path = newPath();
    mkdirSync(join(path, "config.json"), { recursive: true });
    await expect(folder(path).read("config.json")).rejects.toThrow(
      `${join(path, "config.json")}: must be a file, received a folder.`,
    );
    await expect(folder(path).write(files("a", "config.json"))).rejects.toThrow(
      `${join(path, "config.json")}: can't be written: a folder of this name is in its place; remove it.`,
    );
    expect(readdirSync(path)).toEqual(["config.json"]);

    writeFileSync(join(path, "model.safetensors"), "");
    truncateSync(join(path, "model.safetensors"), 2 ** 31 + 1);
    await expect(folder(path).read("model.safetensors")).rejects.toThrow(
      "at most 2147483648 bytes are read, received 2147483649 bytes.",
    );

    if (process.platform === "win32") return;
    execFileSync("mkfifo", [join(path, "pipe")]);
    await expect(folder(path).read("pipe")).rejects.toThrow(`${join(path, "pipe")}: must be a file, received a pipe or device.`);
  });

  it("reads and replaces a file that is a link, and leaves what the link leads to", async () => {
    const path = newPath();
    mkdirSync(path);
    writeFileSync(join(root, "linked"), "old");
    symlinkSync(join(root, "linked"), join(path, "a"));
    expect(await folder(path).read("a")).toEqual(new TextEncoder().encode("old"));
    await folder(path).write(files("a"));
    expect(await folder(path).read("a")).toEqual(Uint8Array.of(1));
    expect(await folder(root).read("linked")).toEqual(new TextEncoder().encode("old"));
  });

  it.each(["../up", "a/b", ".hidden"])("refuses %j as a file's name", async (name) => {
    const path = newPath();
    await expect(folder(path).write(files(name))).rejects.toMatchObject({ code: "UNROLLED_VALUE" });
    await expect(folder(path).read(name)).rejects.toMatchObject({ code: "UNROLLED_VALUE" });
    expect(existsSync(path)).toBe(false);
  });
});

describe("folder, in a process that is stopped", () => {
  const program = join(root, "save-to-folder.mjs");
  beforeAll(async () => {
    const entry = fileURLToPath(new URL("./testing/save-to-folder.ts", import.meta.url));
    await build({ entryPoints: [entry], outfile: program, bundle: true, platform: "node", format: "esm", logLevel: "error" });
  });

  it("holds one whole save, the newest or the one before, after kill -9 at random moments", async () => {
    const path = newPath();
    let newest = 0;
    for (let kill = 0; kill < 15; kill++) {
      const child = spawn(process.execPath, [program, path, String(newest + 1), "1000", "65536"]);
      newest = await killAfterSaves(child, newest, 30 * Math.random());
      const age = await ageOf(path);
      expect(age).toBeGreaterThanOrEqual(newest);
      expect(age).toBeLessThanOrEqual(newest + 1);
      newest = age;
    }
    await folder(path).write(files("config.json"));
    expect(readdirSync(path).sort()).toEqual([
      "README.md",
      "config.json",
      "history.jsonl",
      "model.safetensors",
      "vocabulary.json",
    ]);
  });

  it.skipIf(process.platform === "win32")(
    "keeps the old save and names the path when a file may not grow (needs ulimit)",
    async () => {
      const path = newPath();
      execFileSync(process.execPath, [program, path, "1", "1", "1000"]);
      const limited = ["-c", 'ulimit -f 100; exec "$0" "$@"', process.execPath, program, path, "2", "1", "200000"];
      const output = execFileSync("sh", limited, { encoding: "utf8" });
      const message = `${join(path, "config.json")}: can't be written: the file would be larger than this process may write (EFBIG).`;
      expect(output).toBe(`UnrolledError: ${message}\n`);
      expect(await ageOf(path)).toBe(1);
      expect(readdirSync(path).filter((name) => name.startsWith("."))).toEqual([]);
    },
  );
});

/** Lets the program save at least once, kills it some time later, and gives the age of the last save that it reported. */
async function killAfterSaves(child: ChildProcess, before: number, milliseconds: number): Promise<number> {
  let output = "";
  const firstSave = new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (chunk) => {
      output += String(chunk);
      resolve();
    });
    child.once("exit", () => reject(new Error(`the program ended: ${output}`)));
  });
  await firstSave;
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  child.kill("SIGKILL");
  await once(child, "close");
  const ages = output.split("\n").slice(0, -1);
  expect(ages).toEqual(ages.map((_, index) => `saved ${before + 1 + index}`));
  return before + ages.length;
}

/** The age of the save that the folder holds, after a check that all of its files are of that age and whole. */
async function ageOf(path: string): Promise<number> {
  const store = folder(path);
  const names = await store.list();
  const ages = new Set<number>();
  const sizes = new Set<number | undefined>();
  for (const name of names) {
    const bytes = await store.read(name);
    sizes.add(bytes?.length);
    for (const age of new Uint32Array(bytes?.buffer ?? new ArrayBuffer(0))) ages.add(age);
  }
  expect(names).toEqual(["README.md", "config.json", "history.jsonl", "model.safetensors", "vocabulary.json"]);
  expect(sizes.size).toBe(1);
  expect(ages.size).toBe(1);
  return [...ages][0] ?? 0;
}
