import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkModelFolder, defaultModelFolder, releaseModelFolder } from "./model-folder.js";

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
  const refusal = (message: string) => ({ code: "UNROLLED_VALUE", message: `${place}: ${message}` });

  it("accepts a folder that is missing, however deep, and one that is empty, and leaves both as they are", async () => {
    for (const existing of ["keep", "overwrite", "resume"] as const) {
      await checkModelFolder(join(place, "a", "b", "c"), existing);
      await checkModelFolder(place, existing);
    }
    expect(await readdir(place)).toEqual([]);
  });

  it("refuses a folder that is not empty and names what can be done", async () => {
    await writeFile(join(place, "model.safetensors"), "");
    await expect(checkModelFolder(place, "keep")).rejects.toMatchObject(
      refusal("the folder is not empty; give another one by --out, or --overwrite to replace the model in it."),
    );
    await writeFile(join(place, "checkpoint-0.safetensors"), "");
    await expect(checkModelFolder(place, "keep")).rejects.toMatchObject(
      refusal(
        "the folder is not empty; give another one by --out, --resume to go on with the training in it, " +
          "or --overwrite to replace the model in it.",
      ),
    );
  });

  it("lets a model or a broken-off training be overwritten, and nothing else", async () => {
    await writeFile(join(place, "README.md"), "mine");
    await expect(checkModelFolder(place, "overwrite")).rejects.toMatchObject(
      refusal(
        "the folder holds files but no model (no model.safetensors); --overwrite replaces models only, so give another one by --out.",
      ),
    );
    await writeFile(join(place, "checkpoint-1.safetensors"), "");
    await checkModelFolder(place, "overwrite");
    await rm(join(place, "checkpoint-1.safetensors"));
    await writeFile(join(place, "model.safetensors"), "");
    await checkModelFolder(place, "overwrite");
  });

  it("lets a training be resumed where there is a checkpoint, and starts none over a finished model", async () => {
    await writeFile(join(place, "README.md"), "mine");
    await expect(checkModelFolder(place, "resume")).rejects.toMatchObject(
      refusal("the folder holds no checkpoint to resume from; give another one by --out."),
    );
    await writeFile(join(place, "model.safetensors"), "");
    await expect(checkModelFolder(place, "resume")).rejects.toMatchObject(
      refusal(
        "the folder holds no checkpoint to resume from; give another one by --out, or --overwrite to replace the model in it.",
      ),
    );
    await writeFile(join(place, "checkpoint-0.safetensors"), "");
    await checkModelFolder(place, "resume");
  });

  it("takes what a broken-off save left for nothing", async () => {
    await mkdir(join(place, ".unrolled-saving"));
    await checkModelFolder(place, "keep");
  });

  it("refuses a file, as the folder itself and on the way to it", async () => {
    const file = join(place, "file");
    await writeFile(file, "");
    await expect(checkModelFolder(file, "overwrite")).rejects.toThrow(`${file}: is a file; expected a folder for the model`);
    const below = join(file, "model");
    await expect(checkModelFolder(below, "keep")).rejects.toThrow(`${below}: ${file} is a file; expected a folder`);
  });

  it.skipIf(process.getuid?.() === 0 || process.platform === "win32")("refuses a place that may not be written", async () => {
    const locked = join(place, "locked");
    await mkdir(locked);
    await chmod(locked, 0o555);
    await expect(checkModelFolder(join(locked, "a", "model"), "keep")).rejects.toThrow(
      `${locked} may not be written (EACCES); give another folder by --out.`,
    );
  });

  it.skipIf(process.platform !== "linux")("refuses a place where no file can be made, whatever its permissions say", async () => {
    await expect(checkModelFolder("/proc/model", "keep")).rejects.toThrow(
      "/proc/model: the model could not be saved there, since /proc may not be written",
    );
  });
});

describe("releaseModelFolder", () => {
  it("removes checkpoints and the mark of the demo, and nothing else", async () => {
    for (const name of [
      "made-by-unrolled-demo.txt",
      "checkpoint-0.safetensors",
      "checkpoint-1.safetensors",
      "model.safetensors",
      "checkpoint-0.txt",
    ]) {
      await writeFile(join(place, name), "");
    }
    await releaseModelFolder(place);
    expect((await readdir(place)).sort()).toEqual(["checkpoint-0.txt", "model.safetensors"]);
    await releaseModelFolder(join(place, "missing"));
  });
});
