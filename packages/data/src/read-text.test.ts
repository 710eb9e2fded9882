import { execFileSync } from "node:child_process";
import { appendFile, mkdir, mkdtemp, open, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ReadTextOptions, readText } from "./read-text.js";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "unrolled-read-text-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

async function write(name: string, contents: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, contents);
  return path;
}

async function readWithNotes(path: string, options: ReadTextOptions = {}): Promise<{ text: string; notes: string[] }> {
  const notes: string[] = [];
  const text = await readText(path, { ...options, onNote: (note) => notes.push(note) });
  return { text, notes };
}

/** Expects `UNROLLED_DATA` with this message after the path. */
async function expectRefusal(path: string, message: string, options?: ReadTextOptions): Promise<void> {
  await expect(readText(path, options)).rejects.toMatchObject({
    name: "UnrolledError",
    code: "UNROLLED_DATA",
    message: `${path}: ${message}`,
  });
}

describe("readText gives the text", () => {
  it("character by character, with nothing taken away and no note", async () => {
    const text = "  Call me Ishmael—\n\ttwo\u2028\u00a0three \u{1f433}\rfour\n\n";
    const path = await write("book.txt", text);
    expect(await readWithNotes(path)).toEqual({ text, notes: [] });
  });

  it("without the byte-order mark, and says so", async () => {
    const path = await write("book.txt", "\ufeffCall \ufeffme");
    expect(await readWithNotes(path)).toEqual({
      text: "Call \ufeffme",
      notes: [`${path}: dropped the byte-order mark at the beginning.`],
    });
  });

  it("with \\n for \\r\\n, and says so; a lone \\r stays", async () => {
    const path = await write("book.txt", "one\r\ntwo\r\n\rthree\n");
    expect(await readWithNotes(path)).toEqual({
      text: "one\ntwo\n\rthree\n",
      notes: [`${path}: turned 2 line ends \\r\\n into \\n.`],
    });
  });

  it("of a file compressed by gzip", async () => {
    const path = await write("book.txt.GZ", gzipSync("Call me\r\nIshmael"));
    expect((await readWithNotes(path)).text).toBe("Call me\nIshmael");
  });

  it("of one line of 20 MB", async () => {
    const path = await write("line.txt", "x".repeat(20_000_000));
    expect(await readText(path)).toHaveLength(20_000_000);
  });
});

describe("readText refuses", () => {
  it("a missing file, and says where the path counts from", async () => {
    await expectRefusal(join(folder, "none.txt"), `no such file; the path counts from ${process.cwd()}.`);
    const file = await write("book.txt", "text");
    await expectRefusal(join(file, "inside.txt"), `no such file; the path counts from ${process.cwd()}.`);
  });

  it("a folder", async () => {
    const path = join(folder, "books");
    await mkdir(path);
    await expectRefusal(path, "is a folder; expected a text file, so name one of the files in it.");
  });

  it.skipIf(process.platform === "win32")("a pipe at once, even when nobody writes into it", async () => {
    const path = join(folder, "pipe");
    execFileSync("mkfifo", [path]);
    await expectRefusal(path, "is a pipe; expected a regular file, so write its contents into one first.");
  });

  it.skipIf(process.platform === "win32")("a device, which may have no end", async () => {
    await expectRefusal("/dev/zero", "is a device; expected a regular file, so write its contents into one first.");
  });

  it("an empty file, also when it holds a byte-order mark only or nothing compressed", async () => {
    await expectRefusal(await write("empty.txt", ""), "is empty; expected a text.");
    await expectRefusal(await write("mark.txt", "\ufeff"), "is empty; expected a text.");
    await expectRefusal(await write("empty.gz", ""), "is empty; expected a text.");
    await expectRefusal(await write("nothing.txt.gz", gzipSync("")), "is empty; expected a text.");
  });

  it("bytes that are not UTF-8, with their offset and line", async () => {
    const path = await write("latin1.txt", Buffer.from("one\ncafé\n", "latin1"));
    await expectRefusal(
      path,
      "the byte at offset 7 (line 2) is 0xe9, which is not UTF-8; convert the file (iconv -f LATIN1 -t UTF-8, if it is Latin-1).",
    );
  });

  it("a NUL byte, with its offset and line", async () => {
    const path = await write("binary.txt", "one\ntwo\n\0three");
    await expectRefusal(path, "the byte at offset 8 (line 3) is NUL; expected a text in UTF-8, and texts have no such byte.");
  });

  it("UTF-16, by its byte-order mark", async () => {
    const path = await write("utf16.txt", Buffer.from("\ufeffone", "utf16le"));
    await expectRefusal(path, "is in UTF-16; expected UTF-8, so convert it (iconv -f UTF-16 -t UTF-8).");
  });

  it("a compressed file under a name that does not say so", async () => {
    const path = await write("book.txt", gzipSync("text"));
    await expectRefusal(path, "is compressed by gzip; expected a text, so let its name end in .gz.");
  });

  it("a compressed file that is cut off or no gzip at all", async () => {
    const cut = await write("cut.txt.gz", gzipSync("Call me Ishmael. ".repeat(100)).subarray(0, 40));
    await expectRefusal(cut, "is not a whole gzip file (unexpected end of file); expected one because of the name's ending.");
    const plain = await write("plain.txt.gz", "Call me Ishmael.");
    await expectRefusal(plain, "is not a whole gzip file (incorrect header check); expected one because of the name's ending.");
  });

  it("more bytes than allowed, before and after decompression", async () => {
    await expectRefusal(await write("long.txt", "x".repeat(101)), "has 101 bytes, expected at most 100; take a part of it.", {
      maximumBytes: 100,
    });
    const bomb = await write("bomb.txt.gz", gzipSync("x".repeat(10_000)));
    await expectRefusal(bomb, "holds more than 100 bytes when decompressed; take a part of it.", { maximumBytes: 100 });
    expect(await readText(await write("fits.txt", "x".repeat(100)), { maximumBytes: 100 })).toHaveLength(100);
  });

  it("an option that there isn't, and one that is no count", async () => {
    const path = await write("book.txt", "text");
    await expect(readText(path, { maximumByte: 1 } as object)).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: "readText: there is no option `maximumByte`; the options are maximumBytes, onNote.",
    });
    await expect(readText(path, { maximumBytes: Number.NaN })).rejects.toMatchObject({ code: "UNROLLED_VALUE" });
  });

  it("a zip file", async () => {
    const path = await write("book.txt", "PK\x03\x04 and more");
    await expect(readText(path)).rejects.toThrow(`${path}: is a zip file, as spreadsheets are;`);
  });

  it("a file that changes while it is read", async () => {
    const path = await write("growing.txt", "Call me");
    const handle = await open(path);
    const prototype: { readFile(): Promise<Uint8Array> } = Object.getPrototypeOf(handle);
    await handle.close();
    const readFile = prototype.readFile;
    vi.spyOn(prototype, "readFile").mockImplementationOnce(async function (this: unknown) {
      const bytes = await readFile.call(this);
      await appendFile(path, " Ishmael");
      return bytes;
    });
    await expectRefusal(path, "changed while it was read; try again when nothing writes into it.");
  });
});
