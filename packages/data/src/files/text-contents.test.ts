import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { all, Files } from "../testing/files.js";
import { DataFile } from "./data-file.js";
import { lines } from "./lines.js";
import { textContents } from "./text-contents.js";

const files = new Files("text-contents");
/** What is read at once. */
const CHUNK = 2 ** 14;

describe("textContents", () => {
  it.each(["é", "€", "\u{1f433}"])("gives whole characters such as %s wherever a piece of 16 kB ends", async (character) => {
    const size = Buffer.byteLength(character);
    for (let before = 0; before < size; before += 1) {
      const text = "x".repeat(before) + character.repeat(Math.ceil((2 * CHUNK) / size));
      for (const [name, contents] of [
        ["a.txt", text],
        ["a.txt.gz", gzipSync(text)],
      ] as const) {
        const pieces = await all(textContents(new DataFile(await files.write(name, contents), "a text")));
        expect(pieces.length).toBeGreaterThan(1);
        expect(pieces.map((piece) => piece.toString("utf8")).join("")).toBe(text);
        expect(pieces.some((piece) => piece.toString("utf8").includes("\ufffd"))).toBe(false);
      }
    }
  });

  it.each([0, 1, 2])("tells offset and line of what is no character, also %d bytes before the end of a piece", async (before) => {
    const text = "one line\n".repeat(CHUNK / 8).slice(0, CHUNK - before);
    const path = await files.write(
      "a.txt",
      Buffer.concat([Buffer.from(text), Buffer.from([0xe2, 0x82]), Buffer.from("\nmore\n")]),
    );
    await expect(all(textContents(new DataFile(path, "a text")))).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message: expect.stringContaining(
        `${path}: the byte at offset ${text.length} (line ${text.split("\n").length}) is 0xe2, which is not UTF-8;`,
      ),
    });
  });
});

describe("lines", () => {
  it("are whole, and numbered, wherever a piece of 16 kB ends, and end with \\n or \\r\\n alone", async () => {
    const expected = Array.from({ length: 3000 }, (_, k) => `${k} ${"é".repeat(k % 50)}\rx`);
    const path = await files.write("a.txt", expected.map((line, k) => line + (k % 2 === 0 ? "\n" : "\r\n")).join(""));
    const read = await all(lines(new DataFile(path, "a text")));
    expect(read).toEqual(expected.map((text, k) => ({ number: k + 1, text })));
  });

  it("longer than allowed are an error with their number, over several pieces too", async () => {
    const path = await files.write("a.txt", `short\n${"x".repeat(3 * CHUNK)}\n`);
    await expect(all(lines(new DataFile(path, "a text"), 2 * CHUNK))).rejects.toThrow(
      `${path}:2: is longer than ${2 * CHUNK} bytes; expected a text, with one record a line (\`maximumRecordBytes\` allows more).`,
    );
    expect((await all(lines(new DataFile(path, "a text"), 3 * CHUNK)))[1]?.text).toHaveLength(3 * CHUNK);
  });
});
