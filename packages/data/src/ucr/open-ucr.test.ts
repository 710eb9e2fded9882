import { describe, expect, it } from "vitest";
import { Files, valuesOf } from "../testing/files.js";
import { openUcr } from "./open-ucr.js";

const files = new Files("ucr");
const head =
  "# a comment\n@problemName Vowels\n@timeStamps false\n@univariate false\n@dimensions 2\n@equalLength false\n@classLabel true a b\n@data\n";

async function refusal(text: string): Promise<string> {
  const path = await files.write("data.ts", text);
  const failure: unknown = await openUcr(path)
    .then(valuesOf)
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "UNROLLED_DATA" });
  return failure instanceof Error ? failure.message.replace(path, "") : "";
}

describe("openUcr", () => {
  it("gives sequences of unequal length by time, NaN for missing values, and the class", async () => {
    const records = await openUcr(await files.write("data.ts", `${head}1,2,3:-1,?,1e-3:a\n\n4:5:b\n`));
    expect(records.columns).toEqual(["series", "label"]);
    expect(await valuesOf(records)).toEqual([
      [
        [
          [1, -1],
          [2, Number.NaN],
          [3, 0.001],
        ],
        "a",
      ],
      [[[4, 5]], "b"],
    ]);
  });

  it("gives sequences alone where there are no classes", async () => {
    const records = await openUcr(await files.write("data.ts", "@univariate true\n@classLabel false\n@data\n1,2\n"));
    expect(records.columns).toEqual(["series"]);
    expect(await valuesOf(records)).toEqual([[[[1], [2]]]]);
  });

  it("refuses a line that isn't what the head says, with its number", async () => {
    expect(await refusal(`${head}1:2:3:a\n`)).toBe(":9: has 3 variables before its label, expected 2; colons part them.");
    expect(await refusal(`${head}1:2:a\n1,2:2:a\n`)).toBe(
      ":10: variable 2 has 1 values, expected 2 as variable 1 has; write ? for missing ones.",
    );
    expect(await refusal(`${head}1:2:c\n`)).toBe(':9: unknown label "c"; expected one of those of @classLabel: a b.');
    expect(await refusal(`${head}1:0x2:a\n`)).toBe(':9: variable 2: expected a number, or ? for a missing one, received "0x2".');
    expect(await refusal(`${head}1:1e400:a\n`)).toBe(
      ':9: variable 2: expected a number, or ? for a missing one, received "1e400".',
    );
    expect(await refusal(`${head}1:Infinity:a\n`)).toBe(
      ':9: variable 2: expected a number, or ? for a missing one, received "Infinity".',
    );
    expect(await refusal(`${head}1:2,5;3:a\n`)).toBe(
      ':9: variable 2: expected a number, or ? for a missing one, received "5;3".',
    );
    expect(await refusal(`${head}1,:2,3:a\n`)).toBe(':9: variable 1: expected a number, or ? for a missing one, received "".');
    expect(await refusal("@equalLength true\n@seriesLength 3\n@classLabel true\n@data\n1,2:a\n")).toBe(
      ":5: has 2 values a variable, expected 3 as @seriesLength says.",
    );
  });

  it("refuses time stamps, and a file that is another kind of .ts", async () => {
    expect(await refusal("@timeStamps true\n@data\n(1,2):a\n")).toMatch(/^:1: sequences with time stamps can't be read;/);
    expect(await refusal('import "x";\n')).toMatch(/^:1: expected @data, or another line of the head/);
    expect(await refusal("@problemName x\n")).toBe(": has no @data; expected sequences in the .ts format of UCR and UEA.");
    expect(await refusal("@dimensions two\n@data\n1:a\n")).toBe(':1: expected a whole number of at least 1, received "two".');
  });
});
