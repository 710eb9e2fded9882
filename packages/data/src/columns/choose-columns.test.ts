import { describe, expect, it } from "vitest";
import { openData } from "../open-data.js";
import { Files } from "../testing/files.js";
import { type ColumnOptions, type ColumnTask, chooseColumns } from "./choose-columns.js";

const files = new Files("columns");

async function choose(name: string, text: string, task: ColumnTask, options: ColumnOptions = {}) {
  const path = await files.write(name, text);
  const choice = await chooseColumns(await openData(path), task, options);
  return { ...choice, sentence: choice.sentence.replace(path, name) };
}

const reviews = `review,sentiment\n${["a fine film,good", "dull and long,bad", "I loved it,good", "I left early,bad"].join("\n")}\n`;
const hours = "2016-07-01 00:00,1,5,a\n2016-07-01 01:00,2,,a\n";

describe("chooseColumns guesses", () => {
  it("text and label of two columns, in either order, and says so", async () => {
    expect((await choose("reviews.csv", reviews, "classifier")).sentence).toBe(
      'reviews.csv, by its first 4 records: input "review" (text); target "sentiment" (category).',
    );
    const turned = "stars,words\n1,a fine film\n0,dull and long\n1,I loved it\n0,I left early\n";
    expect(await choose("data.csv", turned, "classifier")).toMatchObject({ input: ["words"], target: ["stars"] });
  });

  it("the label by its name before the label by its values, and leaves numbering out", async () => {
    const table = "id,class,width,colour\n1,x,2.5,red\n2,y,3.5,red\n3,x,,blue\n4,y,1,blue\n";
    const choice = await choose("data.csv", table, "classifier");
    expect(choice).toMatchObject({
      input: ["width", "colour"],
      target: ["class"],
      kinds: { class: "category", width: "number", colour: "category" },
    });
    expect(choice.sentence).toBe(
      'data.csv, by its first 4 records: input "width" (number), "colour" (category); target "class" (category); not used: "id".',
    );
  });

  it("the columns of sentences and of sequences", async () => {
    expect(await choose("data.conll", "EU B-ORG\nrejects O\n", "tagger")).toMatchObject({ input: ["tokens"], target: ["tags"] });
    const jsonl = '{"words":["a","b"],"ner_tags":["O","X"]}\n';
    expect(await choose("data.jsonl", jsonl, "tagger")).toMatchObject({ input: ["words"], target: ["ner_tags"] });
    expect(await choose("data.ts", "@classLabel true 1 2\n@data\n1,2:1\n3,4:2\n", "classifier")).toMatchObject({
      input: ["series"],
      target: ["label"],
    });
  });

  it("time, and all numbers as what is to be foretold", async () => {
    const choice = await choose("data.csv", `date,load,heat,station\n${hours}`, "forecaster");
    expect(choice).toMatchObject({ time: ["date"], target: ["load", "heat"], group: "station", input: [] });
    expect(await choose("data.csv", "year,month,day,x\n2010,1,1,5\n2010,1,2,6\n", "forecaster")).toMatchObject({
      time: ["year", "month", "day"],
      target: ["x"],
    });
    expect((await choose("data.csv", "week,x\n1-01,5\n1-02,6\n", "forecaster")).sentence).toBe(
      'data.csv, by its first 2 records: target "x" (number); time: the order of the records; not used: "week".',
    );
  });

  it("a caption by its name or its length, and what it is about: a label, numbers or a list of them", async () => {
    const sounds = "sound,animal,legs\nmoo says the cow,cow,4\ncluck,hen,2\nmoo,cow,4\ncluck says the hen,hen,2\n";
    expect(await choose("data.csv", sounds, "captioner")).toMatchObject({ input: ["animal"], target: ["sound"] });
    const weather = "label,degrees,rain,description\na,21,0,warm and dry\na,-3,2.5,snow\nb,3,1,rain and wind\nb,9,0,dry\n";
    expect(await choose("data.csv", weather, "captioner", { input: ["degrees", "rain"] })).toMatchObject({
      input: ["degrees", "rain"],
      target: ["description"],
    });
    expect(await choose("data.csv", "id,x,text\n1,5,a b\n2,6,c d\n", "captioner")).toMatchObject({
      input: ["x"],
      target: ["text"],
    });
    const lines = '{"values":[1,2],"caption":"one"}\n{"values":[1,2],"caption":"one"}\n';
    expect(await choose("data.jsonl", lines, "captioner")).toMatchObject({ input: ["values"], target: ["caption"] });
    expect(await choose("data.csv", "one,two\na b,c d\ne f,g h\n", "captioner")).toMatchObject({
      input: ["one"],
      target: ["two"],
    });
  });

  it("a file's name as the label where there are several files of text", async () => {
    const paths = [await files.write("Czech.txt", "Novak\nDvorak\n"), await files.write("Greek.txt", "Pappas\nGalanis\n")];
    expect(await chooseColumns(await openData(paths), "classifier")).toMatchObject({ input: ["text"], target: ["file"] });
  });
});

describe("chooseColumns", () => {
  it("takes what is given over what it would guess", async () => {
    const table = "date,a,b,c\n2016-01-01,1,2,3\n2016-01-02,1,2,3\n";
    expect(await choose("data.csv", table, "forecaster", { target: "b", input: ["c"] })).toMatchObject({
      target: ["b"],
      input: ["c"],
      time: ["date"],
    });
    expect(await choose("reviews.csv", reviews, "classifier", { target: "review", input: "sentiment" })).toMatchObject({
      target: ["review"],
      input: ["sentiment"],
    });
  });

  it("refuses a column that isn't there, and says which are", async () => {
    const path = await files.write("reviews.csv", reviews);
    const records = await openData(path);
    await expect(chooseColumns(records, "classifier", { target: "stars" })).rejects.toMatchObject({
      code: "UNROLLED_DATA",
      message: `${path}: has no column "stars" for the target; its columns are "review", "sentiment".`,
    });
  });

  it("suggests the column that was probably meant", async () => {
    const records = await openData(await files.write("reviews.csv", reviews));
    const refused = chooseColumns(records, "classifier", { target: "Sentimant" });
    await expect(refused).rejects.toThrow(
      'has no column "Sentimant" for the target (did you mean "sentiment"?); its columns are',
    );
  });

  it("refuses to guess where nothing tells, and asks", async () => {
    const path = await files.write("data.txt", "a line\n");
    await expect(chooseColumns(await openData(path), "classifier")).rejects.toThrow(
      `${path}: can't guess which column is the label; its columns are "text", "file": name one (target).`,
    );
    const one = await files.write("data.csv", "label\nx\ny\nx\ny\n");
    await expect(chooseColumns(await openData(one), "classifier")).rejects.toThrow(
      'has no column for the input besides "label"; name one (input).',
    );
  });
});
