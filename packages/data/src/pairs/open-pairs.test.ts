import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { Files, valuesOf } from "../testing/files.js";
import { openPairs } from "./open-pairs.js";

const files = new Files("pairs");

describe("openPairs", () => {
  it("reads line k of two texts together, packed or not, and leaves out lines that are empty in both", async () => {
    const german = await files.write("train.de", "ein Hund\n\neine Katze\n");
    const english = await files.write("train.en.gz", gzipSync("a dog\n\na cat\n"));
    const records = await openPairs([german, english]);
    expect(records.columns).toEqual(["source", "target"]);
    expect(await valuesOf(records)).toEqual([
      ["ein Hund", "a dog"],
      ["eine Katze", "a cat"],
    ]);
  });

  it("says how many lines each has where they differ", async () => {
    const [one, two] = [await files.write("a.de", "a\nb\nc\n"), await files.write("b.en", "a\nb\n")];
    await expect(valuesOf(await openPairs([one, two]))).rejects.toThrow(
      /has 3 lines, and .*b\.en has 2; expected as many in both/,
    );
    await expect(valuesOf(await openPairs([two, one]))).rejects.toThrow(
      /has 2 lines, and .*a\.de has 3; expected as many in both/,
    );
  });

  it("refuses two texts of empty lines", async () => {
    const [one, two] = [await files.write("a.de", "\n\n"), await files.write("b.en", "\n \n")];
    await expect(openPairs([one, two])).rejects.toThrow(`${one}: has empty lines only, as ${two} has; expected a text.`);
  });

  it("reads a text with tabs as a table without a header, quotes being characters", async () => {
    const path = await files.write("fra.txt", 'Go.\tVa !\tCC-BY\n"Run!\tCours !\tCC-BY\n');
    const records = await openPairs([path]);
    expect(records.columns).toEqual(["1", "2", "3"]);
    expect(await valuesOf(records)).toEqual([
      ["Go.", "Va !", "CC-BY"],
      ['"Run!', "Cours !", "CC-BY"],
    ]);
  });

  it("reads tables as they are, and refuses a single text", async () => {
    expect((await openPairs([await files.write("p.csv", "a,b\n1,one\n")])).columns).toEqual(["a", "b"]);
    await expect(openPairs([await files.write("one.txt", "a\nb\n")])).rejects.toThrow(/expected pairs/);
  });
});
