import { execFileSync } from "node:child_process";
import { appendFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { openConll, openConllu } from "./conll/open-conll.js";
import { openCsv } from "./csv/open-csv.js";
import { openJsonl } from "./jsonl/open-jsonl.js";
import { openParallel } from "./pairs/open-parallel.js";
import { openParquet } from "./parquet/open-parquet.js";
import type { Records } from "./records/records.js";
import { all, Files, valuesOf } from "./testing/files.js";
import { openLines } from "./text/open-lines.js";
import { openUcr } from "./ucr/open-ucr.js";

/** A reader, two records of its format as lines, and what it says that it expected. */
interface Case {
  open: (path: string) => Promise<Records>;
  ending: string;
  head: string;
  records: readonly [string, string];
  expected: string;
}

const readers: Record<string, Case> = {
  openCsv: { open: openCsv, ending: ".csv", head: "text,label\n", records: ["café,good\n", "tea,bad\n"], expected: "a table" },
  "openCsv of tabs": {
    open: openCsv,
    ending: ".tsv",
    head: "text\tlabel\n",
    records: ["café\tgood\n", "tea\tbad\n"],
    expected: "a table",
  },
  openJsonl: {
    open: openJsonl,
    ending: ".jsonl",
    head: "",
    records: ['{"text":"café","label":"good"}\n', '{"text":"tea","label":"bad"}\n'],
    expected: "a file of one JSON object a line",
  },
  openConll: {
    open: openConll,
    ending: ".conll",
    head: "",
    records: ["café NN\n\n", "tea NN\n\n"],
    expected: "sentences with a token a line",
  },
  openConllu: {
    open: openConllu,
    ending: ".conllu",
    head: "",
    records: ["1\tcafé\t_\tNOUN\t_\t_\t_\t_\t_\t_\n\n", "1\ttea\t_\tNOUN\t_\t_\t_\t_\t_\t_\n\n"],
    expected: "sentences with a token a line",
  },
  openUcr: {
    open: openUcr,
    ending: ".ts",
    head: "@classLabel true café tea\n@data\n",
    records: ["1,2,3:café\n", "4,5:tea\n"],
    expected: "sequences in the .ts format of UCR and UEA",
  },
  openLines: { open: openLines, ending: ".txt", head: "", records: ["café\n", "tea\n"], expected: "a text" },
  "openParallel, the source": {
    open: async (path, options?: object) => openParallel(path, await files.write("other.en", "coffee\ntea\n"), options),
    ending: ".fr",
    head: "",
    records: ["café\n", "thé\n"],
    expected: "a text",
  },
  "openParallel, the target": {
    open: async (path, options?: object) => openParallel(await files.write("other.en", "coffee\ntea\n"), path, options),
    ending: ".fr",
    head: "",
    records: ["café\n", "thé\n"],
    expected: "a text",
  },
};

const files = new Files("faults");
/** 100 MB without a line end, compressed; parts of a gzip file may stand one after the other. */
const longLine = gzipSync(Buffer.alloc(100_000_000, "x"), { level: 1 });

/** Opens and reads all. */
async function readAll(open: Case["open"], path: string) {
  return valuesOf(await open(path));
}

async function expectRefusal(open: Case["open"], path: string, message: string): Promise<void> {
  const failure = await readAll(open, path).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: "UnrolledError", code: "UNROLLED_DATA" });
  expect(failure).toHaveProperty("message", expect.stringContaining(`${path}${message}`));
}

describe.each(Object.entries(readers))("%s", (_, { open, ending, head, records, expected }) => {
  const whole = head + records.join("");

  it("gives all records, as often as they are read, with the line of each", async () => {
    const path = await files.write(`data${ending}`, whole);
    const opened = await open(path);
    const first = await all(opened.rows());
    expect(first).toHaveLength(2);
    expect(await all(opened.rows())).toEqual(first);
    const line = (head.match(/\n/g)?.length ?? 0) + (records[0].match(/\n/g)?.length ?? 0) + 1;
    expect(first[1]?.place).toMatch(new RegExp(`:${line}$`));
    expect(first.every(({ place }) => opened.paths.some((one) => place.startsWith(`${one}:`)))).toBe(true);
  });

  it("reads the same from a file compressed by gzip, with \\r\\n, after a byte-order mark, and without a last line end", async () => {
    const expectedRows = await readAll(open, await files.write(`data${ending}`, whole));
    expect(await readAll(open, await files.write(`data${ending}.gz`, gzipSync(whole)))).toEqual(expectedRows);
    expect(await readAll(open, await files.write(`data${ending}`, whole.replaceAll("\n", "\r\n")))).toEqual(expectedRows);
    expect(await readAll(open, await files.write(`data${ending}`, `\ufeff${whole}`))).toEqual(expectedRows);
    expect(await readAll(open, await files.write(`data${ending}`, whole.trimEnd()))).toEqual(expectedRows);
  });

  it("refuses an empty file, also when it holds nothing compressed", async () => {
    await expectRefusal(open, await files.write(`data${ending}`, ""), `: is empty; expected ${expected}.`);
    await expectRefusal(open, await files.write(`data${ending}.gz`, ""), `: is empty; expected ${expected}.`);
    await expectRefusal(open, await files.write(`data${ending}.gz`, gzipSync("")), `: is empty; expected ${expected}.`);
  });

  it("refuses a file with a head, or empty lines, only", async () => {
    const path = await files.write(`data${ending}`, head || "\n \n\n");
    await expect(readAll(open, path)).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message: expect.stringMatching(new RegExp(`${path}:? has `)),
    });
  });

  it("refuses a missing file, a folder and a pipe at once", async () => {
    const folder = await files.folder();
    await expectRefusal(open, join(folder, `none${ending}`), `: no such file; the path counts from ${process.cwd()}.`);
    await expectRefusal(open, folder, `: is a folder; expected ${expected}, so name one of the files in it.`);
    if (process.platform === "win32") return;
    const pipe = join(folder, `pipe${ending}`);
    execFileSync("mkfifo", [pipe]);
    await expectRefusal(open, pipe, ": is a pipe; expected a regular file, so write its contents into one first.");
  });

  it("refuses NUL, what is not UTF-8, and UTF-16, with offset and line", async () => {
    const start = head + records[0];
    const offset = Buffer.byteLength(start);
    const line = start.split("\n").length;
    await expectRefusal(
      open,
      await files.write(`data${ending}`, `${start}\0${records[1]}`),
      `: the byte at offset ${offset} (line ${line}) is NUL;`,
    );
    const latin1 = Buffer.concat([Buffer.from(start), Buffer.from("é", "latin1"), Buffer.from(records[1])]);
    await expectRefusal(
      open,
      await files.write(`data${ending}`, latin1),
      `: the byte at offset ${offset} (line ${line}) is 0xe9, which is not UTF-8;`,
    );
    await expectRefusal(
      open,
      await files.write(`data${ending}.gz`, gzipSync(latin1)),
      `: the byte at offset ${offset} (line ${line}) is 0xe9`,
    );
    const cut = Buffer.concat([Buffer.from(start), Buffer.from("é").subarray(0, 1)]);
    await expectRefusal(open, await files.write(`data${ending}`, cut), `: the byte at offset ${offset} (line ${line}) is 0xc3`);
    await expectRefusal(
      open,
      await files.write(`data${ending}`, Buffer.from(`\ufeff${whole}`, "utf16le")),
      ": is in UTF-16; expected UTF-8",
    );
  });

  it("refuses a compressed file under another name, a cut one, and a zip file", async () => {
    await expectRefusal(
      open,
      await files.write(`data${ending}`, gzipSync(whole)),
      ": is compressed by gzip; expected a text, so let its name end in .gz.",
    );
    const cut = gzipSync(whole).subarray(0, -9);
    await expectRefusal(open, await files.write(`data${ending}.gz`, cut), ": is not a whole gzip file (unexpected end of file);");
    await expectRefusal(open, await files.write(`data${ending}`, "PK\x03\x04 and more"), ": is a zip file, as spreadsheets are;");
  });

  it("refuses a line of 100 MB after a stated part of it", async () => {
    const path = await files.write(`data${ending}.gz`, Buffer.concat([gzipSync(whole), longLine]));
    const line = whole.split("\n").length;
    const before = process.memoryUsage().arrayBuffers;
    await expectRefusal(open, path, `:${line}: `);
    await expect(readAll(open, path)).rejects.toThrow(/longer than (16777216|1048576) bytes/);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64e6);
  });

  it("refuses a file that is gone when it is read again", async () => {
    const path = await files.write(`data${ending}`, whole);
    const opened = await open(path);
    await rm(path);
    await expect(valuesOf(opened)).rejects.toThrow(`${path}: no such file;`);
  });

  it("refuses a file that changed since it was opened, and one that changes while it is read", async () => {
    const path = await files.write(`data${ending}`, whole);
    const opened = await open(path);
    await appendFile(path, records[1]);
    await expect(valuesOf(opened)).rejects.toThrow(
      `${path}: changed since it was first read; start again when nothing writes into it.`,
    );

    const growing = await files.write(`data${ending}`, whole);
    const rows = (await open(growing)).rows()[Symbol.asyncIterator]();
    await rows.next();
    await appendFile(growing, records[1]);
    await expect(
      (async () => {
        while (!(await rows.next()).done);
      })(),
    ).rejects.toThrow(`${growing}: changed while it was read;`);
  });

  it("refuses an option that it doesn't know", async () => {
    const path = await files.write(`data${ending}`, whole);
    const options: object = { delimeter: ";" };
    const open2: (path: string, options: object) => Promise<Records> = open;
    await expect(open2(path, options)).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: expect.stringContaining("`delimeter`"),
    });
  });
});

describe("openParquet", () => {
  const write = (name: string) =>
    files.write(name, new Uint8Array(parquetWriteBuffer({ columnData: [{ name: "text", data: ["café", "tea"] }] })));

  it("refuses what is empty, missing, a folder, no Parquet, cut off, or damaged", async () => {
    await expectRefusal(openParquet, await files.write("data.parquet", ""), ": is empty; expected a Parquet file.");
    const folder = await files.folder();
    await expectRefusal(openParquet, join(folder, "none.parquet"), ": no such file;");
    await expectRefusal(openParquet, folder, ": is a folder; expected a Parquet file,");
    await expectRefusal(openParquet, await files.write("data.parquet", "text,label\nfine,good\n"), ": is no whole Parquet file:");
    const whole = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: "text", data: ["café", "tea"] }] }));
    await expectRefusal(openParquet, await files.write("data.parquet", whole.subarray(0, -1)), ": is no whole Parquet file:");
    const damaged = whole.slice();
    damaged.fill(0xff, 8, 40);
    await expectRefusal(openParquet, await files.write("data.parquet", damaged), ": can't be read as Parquet (");
    const length = whole.slice();
    new DataView(length.buffer).setUint32(length.length - 8, 2 ** 31, true);
    await expectRefusal(openParquet, await files.write("data.parquet", length), ": can't be read as Parquet (");
  });

  it("refuses a row group, or a compressed file, that is larger than allowed", async () => {
    const path = await write("data.parquet");
    await expect(openParquet(path, { maximumGroupBytes: 1 })).rejects.toThrow("expected at most 1; write smaller row groups");
    const bytes = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: "text", data: ["café", "tea"] }] }));
    const compressed = await files.write("data.parquet.gz", gzipSync(bytes));
    expect(await valuesOf(await openParquet(compressed))).toEqual([["café"], ["tea"]]);
    await expect(openParquet(compressed, { maximumGroupBytes: 100 })).rejects.toThrow("holds more than 100 bytes");
  });

  it("refuses a file without rows, a pipe, a compressed one that is cut, and one that is gone when it is read again", async () => {
    const none = new Uint8Array(parquetWriteBuffer({ columnData: [{ name: "text", data: [], type: "STRING" }] }));
    await expectRefusal(openParquet, await files.write("data.parquet", none), ": has no rows; expected at least one.");
    const cut = gzipSync(none).subarray(0, -9);
    await expectRefusal(
      openParquet,
      await files.write("data.parquet.gz", cut),
      ": is not a whole gzip file (unexpected end of file);",
    );
    const path = await write("data.parquet");
    const opened = await openParquet(path);
    await rm(path);
    await expect(valuesOf(opened)).rejects.toThrow(`${path}: no such file;`);
    if (process.platform === "win32") return;
    const pipe = join(await files.folder(), "pipe.parquet");
    execFileSync("mkfifo", [pipe]);
    await expectRefusal(openParquet, pipe, ": is a pipe; expected a regular file,");
  });

  it("refuses a text that is not UTF-8, naming row and column, and keeps a byte-order mark and NUL, which a value may hold", async () => {
    const of = (bytes: Uint8Array) =>
      new Uint8Array(
        parquetWriteBuffer({ columnData: [{ name: "text", data: ["tea", "café", "\ufeffa\0b"], type: "STRING" }] }),
      ).map((byte, at, all) => (Buffer.from(all).indexOf("café") + 3 === at ? (bytes[0] ?? byte) : byte));
    expect(await valuesOf(await openParquet(await files.write("data.parquet", of(new Uint8Array()))))).toEqual([
      ["tea"],
      ["café"],
      ["\ufeffa\0b"],
    ]);
    const path = await files.write("data.parquet", of(Uint8Array.of(0xff)));
    await expectRefusal(
      openParquet,
      path,
      ', row 2: column "text" holds bytes, or a text that is not UTF-8; expected text, numbers or lists of them.',
    );
  });

  it("refuses a file that changed since it was opened", async () => {
    const path = await write("data.parquet");
    const opened = await openParquet(path);
    await appendFile(path, "x");
    await expect(valuesOf(opened)).rejects.toThrow(`${path}: changed since it was first read;`);
  });
});
