import { gzipSync } from "node:zlib";
import { encode as encodePng } from "fast-png";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { openData } from "./open-data.js";
import { Files, valuesOf } from "./testing/files.js";

const files = new Files("open-data");
const parquet = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: "a", data: ["x"] }] }));
const conllu = "# text = a\n1\ta\t_\tX\t_\t_\t_\t_\t_\t_\n";
const ucr = "@problemName x\n@classLabel true 1\n@data\n1,2:1\n";

describe("openData", () => {
  it.each([
    ["csv", "data.csv", "a,b\nx,y\n"],
    ["csv", "data.CSV.GZ", gzipSync("a,b\nx,y\n")],
    ["tsv", "data.tsv", "a\tb\nx\ty\n"],
    ["jsonl", "data.ndjson", '{"a":1}\n'],
    ["parquet", "data.parquet", parquet],
    ["conll", "data.iob2", "a X\n"],
    ["conllu", "data.conllu.gz", gzipSync(conllu)],
    ["ucr", "data.ts", ucr],
    ["text", "data.txt", "a,b\nx,y\n"],
    ["csv", "data", "a,b\nx,y\n"],
    ["csv", "data.dat", 'a;b\n"x;";y\n'],
    ["tsv", "data.train", "a\tb\nx\ty\n"],
    ["jsonl", "data.json", '{"a":1}\n'],
    ["parquet", "part-0", parquet],
    ["conllu", "data.gz", gzipSync(conllu)],
    ["conll", "eng.testa", "-DOCSTART- -X- O\n\na X O\n"],
    ["ucr", "data.dat", ucr],
    ["text", "stsa.train", "1 a stirring, funny film\n0 dull\n"],
  ])("tells %s by the name %s, or by how the file begins", async (format, name, contents) => {
    const records = await openData(await files.write(name, contents));
    expect(records.format).toBe(format);
    expect((await valuesOf(records)).length).toBeGreaterThan(0);
  });

  it("takes a folder for one of pictures, and reads pictures that a table names", async () => {
    const folder = await files.folder();
    await files.write("cat/a.png", encodePng({ width: 1, height: 1, channels: 1, data: new Uint8Array([255]) }), folder);
    expect((await openData(folder)).format).toBe("images");
    const table = await files.write("labels.csv", "file,label\ncat/a.png,cat\n", folder);
    const image = expect.objectContaining({ height: 1, width: 1, channels: 3 });
    expect(await valuesOf(await openData(table, { imageColumn: "file", channels: 3 }))).toEqual([[image, "cat"]]);
    const elsewhere = await files.write("labels.csv", "file,label\na.png,cat\n");
    expect(await valuesOf(await openData(elsewhere, { imageColumn: "file", imageFolder: `${folder}/cat`, channels: 3 }))).toEqual(
      [[image, "cat"]],
    );
    await expect(openData(`${folder}/cat/a.png`)).rejects.toThrow(
      "is one picture; expected a folder of them, or a table that names them.",
    );
  });

  it("reads several files one after the other, and refuses other columns", async () => {
    const one = await files.write("one.csv", "a,b\nx,y\n");
    const two = await files.write("two.csv", "a,b\nz,w\n");
    const records = await openData([one, two]);
    expect(await valuesOf(records)).toEqual([
      ["x", "y"],
      ["z", "w"],
    ]);
    expect(records.paths).toEqual([one, two]);
    const other = await files.write("other.csv", "a,c\nz,w\n");
    await expect(openData([one, other])).rejects.toThrow(
      `${other}: has the columns "a", "c", expected those of ${one}: "a", "b".`,
    );
    await expect(openData([])).rejects.toThrow("openData: expected at least one path, received none.");
  });

  it("refuses options that mean nothing for the format, a missing file, and a folder of images without its column", async () => {
    const path = await files.write("data.jsonl", '{"a":1}\n');
    await expect(openData(path, { delimiter: ";" })).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: "openJsonl: there is no option `delimiter`; the options are maximumRecordBytes.",
    });
    await expect(openData(path, { imageFolder: "x" })).rejects.toThrow("openData: `imageFolder` needs `imageColumn`");
    await expect(openData(`${path}.none`)).rejects.toMatchObject({ code: "UNROLLED_DATA" });
    await expect(openData(path, { imageColumn: "b" })).rejects.toThrow(`${path}: has no column "b"; its columns are "a".`);
  });
});
