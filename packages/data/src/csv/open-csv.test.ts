import { readdir } from "node:fs/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { all, Files, valuesOf } from "../testing/files.js";
import { type CsvOptions, openCsv } from "./open-csv.js";

const files = new Files("csv");

async function read(text: string, options: CsvOptions = {}, name = "data.csv") {
  const path = await files.write(name, text);
  const records = await openCsv(path, options);
  return { path, columns: records.columns, notes: records.notes, rows: await all(records.rows()), format: records.format };
}

async function refusal(text: string, options: CsvOptions = {}, name = "data.csv"): Promise<string> {
  const path = await files.write(name, text);
  const failure: unknown = await openCsv(path, options)
    .then(valuesOf, (error: unknown) => Promise.reject(error))
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "UNROLLED_DATA" });
  return failure instanceof Error ? failure.message.replace(path, "") : "";
}

describe("openCsv reads", () => {
  it("quoted cells with delimiters, doubled quotes and line ends inside, and knows the line of each record", async () => {
    const { rows, path } = await read('a,b\n"x, ""y""","two\nlines"\n\n1,2\n');
    expect(rows).toEqual([
      { values: ['x, "y"', "two\nlines"], place: `${path}:2` },
      { values: ["1", "2"], place: `${path}:5` },
    ]);
  });

  it("cells as they stand: an empty cell is empty text, and spaces stay", async () => {
    const { rows } = await read('a,b,c\n, x ,""\n');
    expect(rows[0]?.values).toEqual(["", " x ", ""]);
  });

  it("whatever table is written in its format", async () => {
    const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r\n", " ", "é", "\u{1f433}", "7") });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }), async (table) => {
        const text = [["x", "y"], ...table]
          .map((row) => row.map((item) => `"${item.replaceAll('"', '""')}"`).join(","))
          .join("\n");
        expect((await read(text)).rows.map(({ values }) => values)).toEqual(table);
      }),
      { numRuns: 60 },
    );
  });

  it("the delimiter that the first line has most of, or the given one", async () => {
    expect((await read("a;b;c,d\n1;2;3\n")).columns).toEqual(["a", "b", "c,d"]);
    expect((await read("a|b\n1|2\n")).columns).toEqual(["a", "b"]);
    expect((await read("a,b;c\n1,2;3\n", { delimiter: ";" })).columns).toEqual(["a,b", "c"]);
    expect(await read("a\tb,c,d\n1\t2\n", {}, "data.tsv")).toMatchObject({ columns: ["a", "b,c,d"], format: "tsv" });
  });

  it("quotes inside the cells of a table of tabs as they stand", async () => {
    const { rows } = await read('a\tb\nhe said "no"\t5" disk\n"no", she said\tx\n', {}, "data.tsv");
    expect(rows.map(({ values }) => values)).toEqual([
      ['he said "no"', '5" disk'],
      ['"no", she said', "x"],
    ]);
  });

  it("quotes as characters like others where it is told so", async () => {
    expect((await read('a,b\n"x,y"\n', { quote: false })).rows[0]?.values).toEqual(['"x', 'y"']);
  });

  it("a table without a header, told by a number in the first line, and says so; `header` overrules", async () => {
    const { columns, notes, rows, path } = await read("great,1\nbad,0\n");
    expect(columns).toEqual(["1", "2"]);
    expect(rows).toHaveLength(2);
    expect(notes).toEqual([`${path}: no header, because its first line holds "1".`]);
    expect((await read("great,1\nbad,0\n", { header: true })).columns).toEqual(["great", "1"]);
    expect(await read("x,y\nbad,0\n", { header: false })).toMatchObject({ columns: ["1", "2"], notes: [] });
  });

  it("a column without a name by its number, as pandas writes its index", async () => {
    expect((await read(",a\n0,x\n")).columns).toEqual(["1", "a"]);
  });
});

describe("openCsv refuses", () => {
  it("a header without records", async () => {
    expect(await refusal("a,b\n")).toBe(": has a header and no records; expected at least one.");
  });

  it("a record of more or fewer cells", async () => {
    expect(await refusal("a,b\n1,2\nx,y,z\n")).toBe(
      ':3: has 3 cells, expected 2 as in the first line; put a cell that holds "," in quotes.',
    );
    expect(await refusal("a,b\n1\n")).toBe(
      ":2: has 1 cell, expected 2 as in the first line; leave a cell empty where there is no value, but keep its delimiter.",
    );
  });

  it("a quote that is never closed, naming the line where its record begins", async () => {
    expect(await refusal(`a,b\nx,y\n"x,y\n${"more,cells\n".repeat(1e4)}`)).toBe(
      ":3: a quote that begins in this record is never closed; close it, or double a quote that is part of the text.",
    );
  });

  it("a quote that is never closed in a long file, after a stated number of bytes", async () => {
    const message = await refusal(`a,b\nx,y\n"x,y\n${"more,cells\n".repeat(1e4)}`, { maximumRecordBytes: 1000 });
    expect(message).toBe(
      ":3: a record is longer than 1000 bytes, maybe because a quote isn't closed; `maximumRecordBytes` allows more.",
    );
  });

  it("a quote inside a bare cell, and text after a closing quote", async () => {
    expect(await refusal('a,b\nhe said "no",1\n')).toMatch(/^:2: a quote stands inside a cell without quotes;/);
    expect(await refusal('a,b\n"he said "no"",1\n')).toMatch(/^:2: text follows a closing quote;/);
  });

  it("line ends \\r alone, which would make one record of all; inside quotes they are cells' own", async () => {
    const message = ":1: has line ends \\r alone, as old Macs wrote them; convert the file (tr '\\r' '\\n').";
    expect(await refusal("a,b\rx,y\rz,w\r")).toBe(message);
    expect(await refusal("a\tb\rx\ty\r", {}, "data.tsv")).toBe(message);
    expect((await read('"a\rb",c\nx,"y\rz"\n')).rows[0]?.values).toEqual(["x", "y\rz"]);
  });

  it("two columns of one name", async () => {
    expect(await refusal("a,b,a\n1,2,3\n")).toMatch(/^:1: two columns are called "a";/);
  });

  it("a delimiter of two characters", async () => {
    const path = await files.write("data.csv", "a,b\n1,2\n");
    await expect(openCsv(path, { delimiter: "::" })).rejects.toMatchObject({ code: "UNROLLED_VALUE" });
  });
});

it.skipIf(process.platform !== "linux")("a reading that is left early closes its file", async () => {
  const path = await files.write("data.csv", `a,b\n${`1,${"x".repeat(1000)}\n`.repeat(1000)}`);
  const records = await openCsv(path);
  const before = (await readdir("/proc/self/fd")).length;
  for (let reading = 0; reading < 20; reading += 1) for await (const _ of records.rows()) break;
  expect((await readdir("/proc/self/fd")).length).toBeLessThan(before + 10);
  expect(await valuesOf(records)).toHaveLength(1000);
});

it("a reading holds a piece of the file, however long that is", async () => {
  const row = `1.5,0.25,"some words, and more of them",yes\n`;
  const path = await files.write("data.csv", `a,b,text,label\n${row.repeat(400_000)}`);
  const records = await openCsv(path);
  setFlagsFromString("--expose-gc");
  const collectGarbage = runInNewContext("gc") as () => void;
  const used = (): number => {
    collectGarbage(); // what is held counts, not what waits to be collected
    return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
  };
  const before = used();
  let count = 0;
  let most = 0;
  for await (const { values } of records.rows()) {
    count += values.length / 4;
    if (count % 20_000 === 0) most = Math.max(most, used() - before);
  }
  expect(count).toBe(400_000);
  // All rows together take more than 100 MB.
  expect(most).toBeLessThan(32e6);
});
