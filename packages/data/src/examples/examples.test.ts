import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { type ColumnOptions, type ColumnTask, chooseColumns } from "../columns/choose-columns.js";
import { openData } from "../open-data.js";
import { all, Files } from "../testing/files.js";
import { captionerExamples } from "./captioner-examples.js";
import { classifierExamples } from "./classifier-examples.js";
import { forecasterRows } from "./forecaster-rows.js";
import { taggerExamples, taggerInputs } from "./tagger-examples.js";
import { translatorExamples } from "./translator-examples.js";

const files = new Files("examples");
const readers = {
  classifier: classifierExamples,
  tagger: taggerExamples,
  forecaster: forecasterRows,
  captioner: captionerExamples,
  translator: translatorExamples,
};

async function read(name: string, text: string, task: ColumnTask, options: ColumnOptions = {}) {
  const path = await files.write(name, text);
  const records = await openData(path);
  const examples: () => AsyncIterable<unknown> = readers[task](records, await chooseColumns(records, task, options));
  return all(examples()).catch((error: unknown) => (error instanceof Error ? error.message.replace(path, "") : error));
}

describe("classifierExamples", () => {
  it("gives text with its label, and refuses an empty one of either with its line", async () => {
    const table = "review,label\na fine film,1\ndull and long,0\n";
    expect(await read("data.csv", table, "classifier")).toEqual([
      { input: "a fine film", label: "1" },
      { input: "dull and long", label: "0" },
    ]);
    expect(await read("data.csv", `${table}a film,\n`, "classifier")).toBe(
      ':4: column "label": expected a label, received ""; fill it, or leave the record out.',
    );
    expect(await read("data.csv", `${table}" ",1\n`, "classifier")).toBe(
      ':4: column "review" is empty; expected the input: fill it, or leave the record out.',
    );
  });

  it("gives records of numbers and categories, null where a value is missing", async () => {
    const table = "width,colour,class\n2.5,red,x\n,NA,y\n3,red,x\n1,blue,y\n";
    expect(await read("data.csv", table, "classifier")).toEqual([
      { input: { width: 2.5, colour: "red" }, label: "x" },
      { input: { width: null, colour: null }, label: "y" },
      { input: { width: 3, colour: "red" }, label: "x" },
      { input: { width: 1, colour: "blue" }, label: "y" },
    ]);
  });

  it("refuses what is no number where the records before had numbers, naming the column", async () => {
    const table = `width,class\n${"1,x\n2,y\n".repeat(500)}"3,5",x\n`;
    expect(await read("data.csv", table, "classifier")).toBe(
      ':1002: column "width": expected a number, received "3,5"; write a decimal point, 3.5.',
    );
  });

  it("gives sequences, and several labels, of JSON", async () => {
    const lines = '{"series":[1,null,3],"labels":["a","b"]}\n{"series":[[1,2],[3,4]],"labels":[]}\n';
    expect(await read("data.jsonl", lines, "classifier", { target: "labels" })).toEqual([
      { input: [1, Number.NaN, 3], label: ["a", "b"] },
      {
        input: [
          [1, 2],
          [3, 4],
        ],
        label: [],
      },
    ]);
  });

  it("refuses a label that a model doesn't know, with its line", async () => {
    const path = await files.write("data.csv", "review,label\na fine film,good\ndull and long,awful\n");
    const records = await openData(path);
    const examples = classifierExamples(records, await chooseColumns(records, "classifier"), { labels: ["good", "bad"] });
    await expect(all(examples())).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message: `${path}:3: column "label": unknown label "awful"; expected one of "good", "bad".`,
    });
  });
});

describe("captionerExamples", () => {
  it("gives labels, sentences, or vectors of columns or of lists, with their texts", async () => {
    const sounds = "id,animal,sound\n1,cow,moo says the cow\n2,hen,cluck says the hen\n3,cow,moo\n4,hen,cluck\n";
    expect(await read("data.csv", sounds, "captioner")).toContainEqual({ label: "hen", text: "cluck says the hen" });
    const weather = "degrees,rain,text\n21,0,warm and dry\n-3,2.5,snow falls\n";
    expect(await read("data.csv", weather, "captioner")).toEqual([
      { vector: [21, 0], text: "warm and dry" },
      { vector: [-3, 2.5], text: "snow falls" },
    ]);
    expect(await read("data.csv", "asked,text\nwhat is it,a cow\nand that,a hen too\n", "captioner")).toEqual([
      { sentence: "what is it", text: "a cow" },
      { sentence: "and that", text: "a hen too" },
    ]);
    expect(await read("data.jsonl", '{"values":[1,2],"caption":"one two"}\n', "captioner")).toEqual([
      { vector: [1, 2], text: "one two" },
    ]);
  });

  it.each([
    ["data.csv", "x,y,text\n1,2,a b\n1,,a c\n", ':3: column "y": expected a number, received ""; a captioner knows no missing'],
    ["data.csv", "x,text\n1,a b\n2, \n", ':3: column "text": expected a text, received " "; fill it'],
    ["data.jsonl", '{"v":[1,2],"text":"a b"}\n{"v":[1],"text":"a c"}\n', ':2: column "v": expected 2 numbers, as in the first'],
    ["data.jsonl", '{"v":[1],"text":"a b"}\n{"v":[],"text":"a c"}\n', ':2: column "v": expected a list of numbers, received []'],
    ["data.csv", "k,text\nx,a b\nx,a c\n,a d\nx,a e\n", ':4: column "k": expected a label, received ""'],
  ])("refuses the record of %s %j with its line", async (name, contents, message) => {
    expect(await read(name, contents, "captioner")).toContain(message);
  });
});

describe("a number", () => {
  const told = 'column "x": expected a number, received';
  it.each<[format: string, name: string, of: (cell: string) => string, line: number]>([
    ["CSV", "data.csv", (cell) => `x,time\n1,1\n"${cell}",2\n`, 3],
    ["TSV", "data.tsv", (cell) => `x\ttime\n1\t1\n${cell}\t2\n`, 3],
    ["JSON lines", "data.jsonl", (cell) => `{"x":1,"time":1}\n{"x":"${cell}","time":2}\n`, 2],
  ])("of %s is missing where its cell is empty, never 0, and an error in another notation", async (_format, name, of, line) => {
    const columns = { target: "x", time: "time" };
    for (const missing of ["", "NA", "NaN", "?"]) {
      const rows = await read(name, of(missing), "forecaster", columns);
      expect(rows).toEqual([expect.objectContaining({ values: { x: 1 } }), expect.objectContaining({ values: { x: null } })]);
    }
    for (const [cell, mend] of [
      ["1,5", "; write a decimal point, 1.5."],
      ["0x1f", "; write it in decimal notation."],
      ["1e400", ", which a 64-bit number can't hold."],
    ] as const) {
      expect(await read(name, of(cell), "forecaster", columns)).toBe(`:${line}: ${told} "${cell}"${mend}`);
    }
  });

  it("of JSON that no 64-bit number holds is an error, not infinite", async () => {
    const lines = '{"x":1,"time":1}\n{"x":1e400,"time":2}\n';
    expect(await read("data.jsonl", lines, "forecaster", { target: "x", time: "time" })).toBe(
      `:2: ${told} Infinity, which a 64-bit number can't hold.`,
    );
    const sequence = '{"series":[1,2],"label":"a"}\n{"series":[1,-1e400],"label":"b"}\n';
    expect(await read("data.jsonl", sequence, "classifier")).toBe(
      ':2: column "series": expected a number, received -Infinity, which a 64-bit number can\'t hold.',
    );
  });

  it("of Parquet likewise, by its row; NaN is missing", async () => {
    const data = [1, Number.NaN, Number.POSITIVE_INFINITY];
    const bytes = parquetWriteBuffer({ columnData: [{ name: "x", data, type: "DOUBLE" }] });
    const path = await files.write("data.parquet", new Uint8Array(bytes));
    const records = await openData(path);
    const rows = forecasterRows(records, await chooseColumns(records, "forecaster", { target: "x" }))();
    const seen: unknown[] = [];
    const failure: unknown = await (async () => {
      for await (const { values } of rows) seen.push(values);
    })().catch((error: unknown) => error);
    expect(seen).toEqual([{ x: 1 }, { x: null }]);
    expect(failure).toMatchObject({
      code: "UNROLLED_DATA",
      message: `${path}, row 3: column "x": expected a number, received Infinity, which a 64-bit number can't hold.`,
    });
  });
});

describe("taggerExamples", () => {
  it("refuses a tag that a model doesn't know, with its line", async () => {
    const path = await files.write("data.conll", "EU B-ORG\nrejects O\n\nPeter B-PER\n");
    const records = await openData(path);
    const examples = taggerExamples(records, await chooseColumns(records, "tagger"), { tags: ["O", "B-ORG"] });
    await expect(all(examples())).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message: `${path}:4: column "tags": unknown tag "B-PER" of "Peter"; expected one of "O", "B-ORG".`,
    });
  });

  it("gives the words of lists, and of texts that are split, and refuses what has none", async () => {
    const path = await files.write("x.jsonl", '{"a":["Ann","sings"]}\n{"a":"Bob lives"}\n{"a":" "}\n{"a":[null]}\n');
    const records = await openData(path);
    const wordsOf = taggerInputs(records, await chooseColumns(records, "tagger", { input: ["a"], target: ["a"] }), (text) =>
      text.split(" ").filter(Boolean),
    );
    const rows = await all(records.rows());
    expect(rows.slice(0, 2).map(({ values, place }) => wordsOf(values, place))).toEqual([
      ["Ann", "sings"],
      ["Bob", "lives"],
    ]);
    const [, , blank, nothing] = rows;
    expect(() => blank && wordsOf(blank.values, blank.place)).toThrow(':3: column "a": expected a sentence, received " "');
    expect(() => nothing && wordsOf(nothing.values, nothing.place)).toThrow(
      ':4: column "a": expected a list of words, received [null]',
    );
  });

  it("gives tokens and tags, and refuses lists of unequal length", async () => {
    expect(await read("data.conll", "EU B-ORG\nrejects O\n", "tagger")).toEqual([
      { tokens: ["EU", "rejects"], tags: ["B-ORG", "O"] },
    ]);
    expect(await read("data.jsonl", '{"tokens":["a","b"],"tags":["X"]}\n', "tagger")).toBe(
      ":1: has 2 tokens and 1 tags; expected one tag for each token.",
    );
    expect(
      await read("data.jsonl", '{"tokens":["a"],"tags":["X"]}\n{"tokens":"b","tags":["X"]}\n', "tagger", {
        input: "tokens",
        target: "tags",
      }),
    ).toBe(':2: column "tokens": expected a list of words, received "b".');
  });
});

describe("a group", () => {
  it("comes with an example where a column is named for it, and only there", async () => {
    const table = "review,label,reader\na fine film,1,Ann\ndull and long,0,3\n";
    expect(await read("data.csv", table, "classifier", { group: "reader" })).toEqual([
      { input: "a fine film", label: "1", group: "Ann" },
      { input: "dull and long", label: "0", group: "3" },
    ]);
    expect(await read("data.csv", `${table}so so,1,\n`, "classifier", { group: "reader" })).toBe(
      ':4: column "reader": expected the name of a group, received ""; every record needs one.',
    );
    const line = '{"words":["a","b"],"tags":["X","Y"],"book":7}\n';
    expect(await read("data.jsonl", line, "tagger", { group: "book" })).toEqual([
      { tokens: ["a", "b"], tags: ["X", "Y"], group: "7" },
    ]);
  });

  it("isn't asked of other files, which need not be split", async () => {
    const columns = await chooseColumns(
      await openData(await files.write("train.csv", "review,label,reader\na fine film,1,Ann\ndull and long,0,Bob\n")),
      "classifier",
      { group: "reader" },
    );
    const other = await openData(await files.write("test.csv", "label,review\n1,a fine film\n"));
    expect(await all(classifierExamples(other, columns)())).toEqual([{ input: "a fine film", label: "1" }]);
  });
});

describe("forecasterRows", () => {
  it("gives time, values with null where one is missing, and group", async () => {
    expect(await read("data.csv", "date,load,store\n2016/07/01,5,a\n2016/07/02,NA,a\n", "forecaster")).toEqual([
      { time: "2016-07-01", values: { load: 5 }, group: "a" },
      { time: "2016-07-02", values: { load: null }, group: "a" },
    ]);
  });

  it("puts a moment together from its parts, and counts records where there is no time", async () => {
    expect(await read("data.csv", "year,month,day,hour,x\n2010,1,2,3,5\n", "forecaster")).toEqual([
      { time: "2010-01-02 03:00:00", values: { x: 5 } },
    ]);
    expect(await read("data.csv", "x\n1.5\n2\n", "forecaster")).toEqual([
      { time: 0, values: { x: 1.5 } },
      { time: 1, values: { x: 2 } },
    ]);
  });

  it("refuses what is no moment, and what is no number, with its line", async () => {
    expect(await read("data.csv", "date,x\n1-01,5\n", "forecaster", { time: "date" })).toBe(
      ':2: column "date": expected a moment such as 2016-07-01 or 2016-07-01 14:00, or a number, received "1-01".',
    );
    expect(await read("data.csv", "date,x\n2016-01-01,5\n,6\n", "forecaster")).toBe(
      ':3: column "date": expected a time, received ""; every record needs one.',
    );
    expect(await read("data.csv", "year,month,x\n2010,13,6\n", "forecaster")).toBe(
      ':2: columns "year", "month": 2010-13-01 is no moment; expected year, month, day, hour, minute.',
    );
    expect(await read("data.csv", "date,x\n2016-01-01,5\n2016-01-02,1e400\n", "forecaster", { target: "x" })).toBe(
      ':3: column "x": expected a number, received "1e400", which a 64-bit number can\'t hold.',
    );
  });
});

describe("translatorExamples", () => {
  it("gives pairs of texts, by names or by their order, and refuses an empty one with its line", async () => {
    expect(await read("data.csv", "n,words\n21,twenty-one\n7,seven\n", "translator")).toEqual([
      { source: "21", target: "twenty-one" },
      { source: "7", target: "seven" },
    ]);
    expect(await read("data.csv", "target,source\nVa !,Go.\nCours !,Run!\n", "translator")).toEqual([
      { source: "Go.", target: "Va !" },
      { source: "Run!", target: "Cours !" },
    ]);
    expect(await read("data.csv", "en,fr\nGo.,Va !\nRun!, \n", "translator")).toBe(
      ':3: column "fr": expected a text, received " "; fill it, or leave the record out.',
    );
  });
});
