import { execFileSync } from "node:child_process";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { Files } from "../testing/files.js";
import { readWordVectors } from "./read-word-vectors.js";

const files = new Files("word-vector-faults");
const GLOVE = "the 0.25 -1\ncafé 1 2\n";

async function expectRefusal(path: string, message: string): Promise<void> {
  await expect(readWordVectors(path)).rejects.toMatchObject({
    code: "UNROLLED_DATA",
    message: expect.stringContaining(`${path}${message}`),
  });
}

it("readWordVectors reads past a byte-order mark, and \\r\\n", async () => {
  const path = await files.write("glove.txt", `\ufeff${GLOVE.replaceAll("\n", "\r\n")}`);
  expect([...(await readWordVectors(path)).keys()]).toEqual(["the", "café"]);
});

it.each<[what: string, name: string, contents: string | Uint8Array, message: string]>([
  ["NUL", "a.txt", "a 1\n\0 2\n", ": the byte at offset 4 (line 2) is NUL;"],
  ["UTF-16", "a.txt", Buffer.from(`\ufeff${GLOVE}`, "utf16le"), ": is in UTF-16;"],
  ["a cut character", "a.txt", Buffer.from("a 1\né").subarray(0, -1), ": the byte at offset 4 (line 2) is 0xc3,"],
  ["a zip file", "a.txt", "PK\x03\x04 and more", ": is a zip file"],
  ["gzip under another name", "a.txt", gzipSync(GLOVE), ": is compressed by gzip;"],
  ["nothing, compressed", "a.txt.gz", gzipSync(""), ": is empty; expected word vectors."],
  ["empty lines", "a.txt", "\n \n\n", ":1: expected a word and 1 to 65536 numbers, received "],
  ["a decimal comma", "a.txt", "a 1 2\nb 1,5 2\n", ':2: expected a word and 2 finite numbers, received "1,5".'],
  ["hexadecimal", "a.txt", "a 1 2\nb 0x1 2\n", ':2: expected a word and 2 finite numbers, received "0x1".'],
])("readWordVectors refuses %s", async (_what, name, contents, message) => {
  await expectRefusal(await files.write(name, contents), message);
});

it("readWordVectors refuses a line of 100 MB after a stated part of it, and an option that there isn't", async () => {
  const long = gzipSync(Buffer.alloc(100_000_000, "x"), { level: 1 });
  const path = await files.write("a.txt.gz", Buffer.concat([gzipSync(GLOVE), long]));
  await expectRefusal(path, ":3: is longer than 1048576 bytes; expected word vectors, with one record a line.");
  await expect(readWordVectors(path, { word: ["a"] } as object)).rejects.toMatchObject({
    code: "UNROLLED_VALUE",
    message: "readWordVectors: there is no option `word`; the options are words, onNote.",
  });
});

it.skipIf(process.platform === "win32")("readWordVectors refuses a pipe at once", async () => {
  const pipe = join(await files.folder(), "pipe.txt");
  execFileSync("mkfifo", [pipe]);
  await expectRefusal(pipe, ": is a pipe; expected a regular file,");
});

it("readWordVectors refuses a file that changes while it is read", async () => {
  // a word that stands twice is told of
  const path = await files.write("a.txt", GLOVE.repeat(20_000));
  let written: Promise<void> | undefined;
  const onNote = (): void => {
    written ??= appendFile(path, "b 1 2\n");
  };
  const reading = readWordVectors(path, { onNote });
  await expect(reading).rejects.toMatchObject({
    code: "UNROLLED_DATA",
    message: `${path}: changed while it was read; try again when nothing writes into it.`,
  });
  await written;
});
