import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkModelFolder, defaultModelFolder } from "./model-folder.js";

let place = "";
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), "unrolled-model-folder-"));
});
afterEach(async () => {
  await rm(place, { recursive: true });
});

describe("defaultModelFolder", () => {
  it.each([
    ["book.txt", "language-model-book"],
    ["/data/books/whale.v2.txt", "language-model-whale.v2"],
    ["book.txt.gz", "language-model-book"],
    ["book", "language-model-book"],
    [".hidden", "language-model-.hidden"],
  ])("names the model of %s after it", (data, name) => {
    expect(defaultModelFolder("language-model", data)).toBe(join("models", name));
  });
});

describe("checkModelFolder", () => {
  it("accepts a folder that is missing, however deep, and one that is empty, and leaves both as they are", async () => {
    await checkModelFolder(join(place, "a", "b", "c"), { overwrite: false });
    expect(await readdir(place)).toEqual([]);
    await checkModelFolder(place, { overwrite: false });
    expect(await readdir(place)).toEqual([]);
  });

  it("refuses a folder that is not empty and names --overwrite", async () => {
    await writeFile(join(place, "config.json"), "{}");
    await expect(checkModelFolder(place, { overwrite: false })).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: `${place}: the folder is not empty; give another one by --out, or --overwrite to replace the model in it.`,
    });
    await checkModelFolder(place, { overwrite: true });
  });

  it("does not overwrite what is no model", async () => {
    await writeFile(join(place, "README.md"), "mine");
    await expect(checkModelFolder(place, { overwrite: true })).rejects.toThrow(
      `${place}: the folder holds files but no model (no config.json); --overwrite replaces models only, so give another folder by --out.`,
    );
  });

  it("refuses a file, as the folder itself and on the way to it", async () => {
    const file = join(place, "file");
    await writeFile(file, "");
    await expect(checkModelFolder(file, { overwrite: true })).rejects.toThrow(
      `${file}: is a file; expected a folder for the model`,
    );
    const below = join(file, "model");
    await expect(checkModelFolder(below, { overwrite: false })).rejects.toThrow(`${below}: ${file} is a file; expected a folder`);
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === "win32")("refuses a place that may not be written", async () => {
    const locked = join(place, "locked");
    await mkdir(locked);
    await chmod(locked, 0o555);
    await expect(checkModelFolder(join(locked, "a", "model"), { overwrite: false })).rejects.toThrow(
      `${locked} may not be written (EACCES); give another folder by --out.`,
    );
  });
});
