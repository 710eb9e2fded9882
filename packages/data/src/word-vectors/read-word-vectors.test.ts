import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readWordVectors } from "./read-word-vectors.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "unrolled-word-vectors-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(name: string, contents: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, contents);
  return path;
}

const GLOVE = "the 0.25 -1 1e-1\nwhale 1 2 3\n. . . 4 5 6\nat ahab@pequod.sea 7 8 9\n1851 0.5 0.5 0.5\ncafé .5 5. -0\n";
const all = new Map<string, number[]>([
  ["the", [0.25, -1, Math.fround(0.1)]],
  ["whale", [1, 2, 3]],
  [". . .", [4, 5, 6]],
  ["at ahab@pequod.sea", [7, 8, 9]],
  ["1851", [0.5, 0.5, 0.5]],
  ["café", [0.5, 5, -0]],
]);
const plain = (vectors: ReadonlyMap<string, Float32Array>) =>
  new Map(Array.from(vectors, ([word, vector]) => [word, [...vector]]));

describe("readWordVectors", () => {
  it("reads GloVe's format, also of words with spaces in them", async () => {
    expect(plain(await readWordVectors(await write("glove.txt", GLOVE)))).toEqual(all);
  });

  it("reads word2vec's format, with its first line and spaces at the ends of lines", async () => {
    const path = await write("word2vec.txt", `6 3\n${GLOVE.replaceAll("\n", " \r\n")}`);
    expect(plain(await readWordVectors(path))).toEqual(all);
  });

  it("reads files compressed by gzip, and a last line without an end", async () => {
    expect(plain(await readWordVectors(await write("glove.txt.gz", gzipSync(GLOVE.trimEnd()))))).toEqual(all);
  });

  it("keeps the words asked for alone, and their lower case", async () => {
    const path = await write("glove.txt", GLOVE);
    expect([...(await readWordVectors(path, { words: ["The", "whale", "kraken"] })).keys()]).toEqual(["the", "whale"]);
  });

  it("reads 30,000 words of 50 numbers and keeps two of them", async () => {
    const line = Array.from({ length: 50 }, (_, k) => (k / 7).toFixed(5)).join(" ");
    const path = await write("large.txt.gz", gzipSync(Array.from({ length: 30_000 }, (_, n) => `word${n} ${line}\n`).join("")));
    const vectors = await readWordVectors(path, { words: ["word7", "word29999"] });
    expect([...vectors.keys()]).toEqual(["word7", "word29999"]);
    expect(vectors.get("word29999")).toHaveLength(50);
  });

  it("takes the first of a word that stands twice, and says so", async () => {
    const notes: string[] = [];
    const path = await write("twice.txt", "a 1 2\nb 3 4\na 5 6\n");
    expect(plain(await readWordVectors(path, { onNote: (note) => notes.push(note) })).get("a")).toEqual([1, 2]);
    expect(notes).toEqual([`${path}:3: passed over "a", which stood in the file before.`]);
  });

  it.each<[what: string, contents: string | Uint8Array, message: string]>([
    ["a line with a number too few", "a 1 2 3\nb 1 2\n", ":2: expected a word and 3 numbers, received 2."],
    ["a line with a number too many", "a 0.1 0.2\nb 0.1 0.2 0.3\n", ":2: expected a word and 2 numbers, received 3."],
    ["what is no number", "a 1 2\nb 1 x\n", ':2: expected a word and 2 finite numbers, received "x".'],
    ["a number that float32 can't hold", "a 1 2\nb 1 1e400\n", ':2: expected a word and 2 finite numbers, received "1e400".'],
    ["NaN", "a 1 2\nb 1 nan\n", ':2: expected a word and 2 finite numbers, received "nan".'],
    ["an empty column", "a 1 2\nb 1  2\n", ':2: expected a word and 2 finite numbers, received "".'],
    [
      "a first line without numbers",
      "Call me Ishmael.\n",
      ":1: expected a word and 1 to 65536 numbers, received Call me Ishmael..",
    ],
    ["fewer words than it says", "3 2\na 1 2\nb 3 4\n", ": has 2 words, expected 3 as its first line says; is it whole?"],
    ["a first line of absurd sizes", "3 99999999\na 1\n", ":1: expected a word and 1 to 65536 numbers, received 3 99999999."],
    ["nothing", "", ": is empty; expected word vectors."],
    ["a header alone", "3 2\n", ": has no word; expected a word and its numbers a line."],
  ])("refuses %s, with the line", async (_what, contents, message) => {
    const path = await write("broken.txt", contents);
    await expect(readWordVectors(path)).rejects.toMatchObject({ code: "UNROLLED_DATA", message: `${path}${message}` });
  });

  it("refuses a missing file, a folder, a broken gzip file and a binary one, saying which it is", async () => {
    const missing = join(folder, "none.txt");
    await expect(readWordVectors(missing)).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message: `${missing}: no such file; the path counts from ${process.cwd()}.`,
    });
    await expect(readWordVectors(folder)).rejects.toMatchObject({
      message: `${folder}: is a folder; expected word vectors, so name one of the files in it.`,
    });
    const cut = await write("cut.gz", gzipSync(GLOVE.repeat(100)).subarray(0, 60));
    await expect(readWordVectors(cut)).rejects.toMatchObject({ message: expect.stringContaining("is not a whole gzip file") });
    const binary = await write("vectors.bin", Uint8Array.of(0x33, 0x20, 0x32, 0x0a, 0x61, 0x20, 0xff, 0xfe, 0x00));
    await expect(readWordVectors(binary)).rejects.toMatchObject({
      message: expect.stringContaining("is NUL; expected a text in UTF-8"),
    });
    const latin = await write("latin.txt", Uint8Array.of(0x61, 0x20, 0x31, 0x0a, 0xe9, 0x20, 0x32, 0x0a));
    await expect(readWordVectors(latin)).rejects.toMatchObject({
      message: expect.stringContaining("(line 2) is 0xe9, which is not UTF-8"),
    });
  });
});
