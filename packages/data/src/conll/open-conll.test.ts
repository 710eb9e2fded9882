import { describe, expect, it } from "vitest";
import { all, Files, valuesOf } from "../testing/files.js";
import { openConll, openConllu } from "./open-conll.js";

const files = new Files("conll");
const row = (id: string, form: string, upos: string, xpos = "_"): string =>
  [id, form, "_", upos, xpos, "_", "_", "_", "_", "_"].join("\t");

describe("openConllu", () => {
  it("gives forms and universal tags, without comments, multiword tokens and empty nodes", async () => {
    const lines = [
      "# sent_id = 1",
      row("1-2", "don't", "_"),
      row("1", "do", "AUX", "VBP"),
      row("2", "n't", "PART"),
      row("2.1", "go", "VERB"),
      "",
      row("1", "New York", "PROPN"),
    ];
    const path = await files.write("data.conllu", lines.join("\n"));
    expect(await all((await openConllu(path)).rows())).toEqual([
      {
        values: [
          ["do", "n't"],
          ["AUX", "PART"],
        ],
        place: `${path}:3`,
      },
      { values: [["New York"], ["PROPN"]], place: `${path}:7` },
    ]);
    expect((await valuesOf(await openConllu(path, { tagColumn: 5 })))[0]).toEqual([
      ["do", "n't"],
      ["VBP", "_"],
    ]);
  });

  it("refuses a line without ten columns, and one without a form", async () => {
    const path = await files.write("data.conllu", `${row("1", "a", "X")}\n2 b c\n`);
    await expect(openConllu(path)).rejects.toThrow(`${path}:2: has 1 column, expected 10, received "2 b c".`);
    const empty = await files.write("data.conllu", row("1", "", "X"));
    await expect(openConllu(empty)).rejects.toThrow(`${empty}:1: column 2 is empty; expected a token and its tag.`);
  });
});

describe("openConll", () => {
  const text = "-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\nPeter NNP B-NP B-PER\n";

  it("gives the first and the last column of each sentence, and others when told", async () => {
    const path = await files.write("data.conll", text);
    expect(await valuesOf(await openConll(path))).toEqual([
      [
        ["EU", "rejects"],
        ["B-ORG", "O"],
      ],
      [["Peter"], ["B-PER"]],
    ]);
    expect((await valuesOf(await openConll(path, { tokenColumn: 2, tagColumn: -2 })))[1]).toEqual([["NNP"], ["B-NP"]]);
  });

  it("gives no tags where there are tokens alone", async () => {
    const path = await files.write("words.conll", "Ann\nsings\n");
    expect(await valuesOf(await openConll(path))).toEqual([[["Ann", "sings"], []]]);
  });

  it("refuses a line of other columns, a column that isn't there, and a file without sentences", async () => {
    const ragged = await files.write("data.conll", `${text}Blackburn NNP\n`);
    await expect(openConll(ragged).then(valuesOf)).rejects.toThrow(
      `${ragged}:7: has 2 columns, expected 4, received "Blackburn NNP".`,
    );
    const path = await files.write("data.conll", text);
    await expect(openConll(path, { tagColumn: 5 })).rejects.toThrow(`${path}:3: has 4 columns, but \`tagColumn\` is 5.`);
    await expect(openConll(path, { tagColumn: 0 })).rejects.toMatchObject({ code: "UNROLLED_VALUE" });
    const empty = await files.write("data.conll", "-DOCSTART- -X- O O\n\n");
    await expect(openConll(empty)).rejects.toThrow(`${empty}: has no sentence;`);
  });

  it("refuses a sentence that doesn't end", async () => {
    const path = await files.write("data.conll", "a X\n".repeat(100_001));
    await expect(openConll(path)).rejects.toThrow(
      `${path}:1: a sentence has more than 100000 tokens; expected an empty line after each sentence.`,
    );
  });
});
