import { describe, expect, it } from "vitest";
import { Files, valuesOf } from "../testing/files.js";
import { openJsonl } from "./open-jsonl.js";

const files = new Files("jsonl");

async function refusal(text: string): Promise<string> {
  const path = await files.write("data.jsonl", text);
  const failure: unknown = await openJsonl(path)
    .then(valuesOf)
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "UNROLLED_DATA" });
  return failure instanceof Error ? failure.message.replace(path, "") : "";
}

describe("openJsonl", () => {
  it("gives fields by column, null for one that is not there, and keeps what JSON tells apart", async () => {
    const path = await files.write("data.jsonl", '{"a":1,"b":"1"}\n\n{"b":null,"c":[1,[2]],"a":true}\n');
    const records = await openJsonl(path);
    expect(records.columns).toEqual(["a", "b", "c"]);
    expect(await valuesOf(records)).toEqual([
      [1, "1", null],
      [true, null, [1, [2]]],
    ]);
  });

  it("takes names that every object has for fields like others", async () => {
    const records = await openJsonl(await files.write("data.jsonl", '{"constructor":1}\n{"__proto__":2}\n'));
    expect(records.columns).toEqual(["constructor", "__proto__"]);
    expect(await valuesOf(records)).toEqual([
      [1, null],
      [null, 2],
    ]);
  });

  it("refuses a line that is no JSON object, with its number", async () => {
    expect(await refusal('{"a":1}\n\n{"a":2\n')).toMatch(/^:3: is no JSON \(.+\); expected one object a line\.$/);
    expect(await refusal('{"a":1}\n[1]\n')).toBe(
      ":2: expected a JSON object, received [1]; write one object a line (jq -c '.[]').",
    );
    expect(await refusal('{"a":1}\n2\n')).toBe(":2: expected a JSON object, received 2.");
    expect(await refusal('[\n{"a":1}\n]\n')).toBe(
      ":1: is no JSON (it begins an array over several lines; jq -c '.[]' writes one object a line); expected one object a line.",
    );
    expect(await refusal('{"a": NaN}\n')).toBe(
      ":1: is no JSON (it holds NaN, for which JSON has null); expected one object a line.",
    );
    expect(await refusal("{}\n")).toBe(": has objects without a field; expected some, such as `text` and `label`.");
  });
});
