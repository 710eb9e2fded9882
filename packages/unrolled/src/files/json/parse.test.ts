import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson } from "./parse.js";
import { isJsonArray, isJsonObject, type JsonValue } from "./value.js";

describe("parseJson", () => {
  it("reads what JSON.parse reads, to the same value", () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ depthSize: "medium", stringUnit: "binary" }),
        fc.constantFrom(0, 1, "\t\r\n "),
        (value, space) => {
          const text = JSON.stringify(value, null, space);
          expect(plain(parse(text))).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  it("refuses what JSON.parse refuses, and else only names that stand twice and numbers beyond float64", () => {
    const fragment = fc.constantFrom(...'{}[]",:\\-+.eE0 1\n', "true", "nul", "1e5", '"a"', '\\u00"', "\u0001", "01");
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 10 }), (fragments) => {
        const text = fragments.join("");
        const expected = isRefused(() => JSON.parse(text))
          ? /not valid JSON at line|stands twice|float64 can hold/
          : /stands twice|float64 can hold|^read$/;
        expect(outcomeOf(text)).toMatch(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps __proto__ as a name like any other", () => {
    expect(parse('{"__proto__":{"a":1}}')).toEqual(new Map([["__proto__", new Map([["a", 1]])]]));
  });

  it("keeps half a surrogate pair that is escaped, as JSON.stringify writes it", () => {
    expect(parse(JSON.stringify(["\ud83d", "\ude00"]))).toEqual(["\ud83d", "\ude00"]);
  });

  it.each<[text: string, message: string]>([
    ["", "not valid JSON at line 1, column 1: expected a value, received the end of the text."],
    ['{\n  "units": 1,\n  }', 'not valid JSON at line 3, column 3: expected a name in double quotes, received "}".'],
    ["[1 2]", 'not valid JSON at line 1, column 4: expected "," or "]", received "2]".'],
    ['{"a" 1}', 'not valid JSON at line 1, column 6: expected ":", received "1}".'],
    ['{"a":1} x', 'not valid JSON at line 1, column 9: expected the end of the text, received "x".'],
    ['"abc', 'not valid JSON at line 1, column 5: expected the closing " of a string, received the end of the text.'],
    ['"a\nb"', 'not valid JSON at line 1, column 3: expected a string without raw control characters, received "\\nb\\"".'],
    ['"\\x"', 'not valid JSON at line 1, column 1: expected a string whose escapes are those of JSON, received "\\"\\\\x\\"".'],
    ["-", "not valid JSON at line 1, column 2: expected a digit, received the end of the text."],
    ["1e400", 'JSON beyond what is read at line 1, column 1: expected a number that float64 can hold, received "1e400".'],
    ["NaN", 'not valid JSON at line 1, column 1: expected a value, received "NaN".'],
    ["\ufeff{}", "starts with a byte-order mark; save it as UTF-8 without one."],
    ['{"a":1,"b":2,\n"a":1}', 'the name "a" stands twice in one object, the second time at line 2, column 1; keep one of them.'],
    [
      "[".repeat(65),
      'JSON beyond what is read at line 1, column 65: expected at most 64 arrays and objects inside each other, received "[".',
    ],
  ])("refuses %j, naming the place", (text, message) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: "UNROLLED_FILE", message: `config.json: ${message}` }));
  });

  it("names the first byte that is not UTF-8", () => {
    const text = new TextEncoder().encode('{"name":"Müller"}');
    text[10] = 0x20;
    expect(() => parseJson(text, "config.json")).toThrow("config.json: not UTF-8: byte 11 (0xbc) belongs to no character");
    expect(() => parseJson(Uint8Array.of(0x22, 0xc3), "config.json")).toThrow(
      "config.json: not UTF-8: the last character is cut off",
    );
  });

  it("reads a million values, and no more", () => {
    const array = (length: number) => `[${"0,".repeat(length - 1)}0]`;
    expect(parse(array(999_999))).toHaveLength(999_999);
    expect(() => parse(array(1_000_000))).toThrow(
      "config.json: JSON beyond what is read at line 1, column 2000000: expected at most 1000000 values",
    );
  });

  it("reads nothing of more than 100 MB", () => {
    expect(() => parseJson(new Uint8Array(100_000_001), "config.json")).toThrow(
      "config.json: JSON of at most 100000000 bytes is read, received 100000001 bytes.",
    );
  });
});

function parse(text: string): JsonValue {
  return parseJson(new TextEncoder().encode(text), "config.json");
}

function plain(value: JsonValue): unknown {
  if (isJsonObject(value)) return Object.fromEntries([...value].map(([name, item]) => [name, plain(item)]));
  return isJsonArray(value) ? value.map(plain) : value;
}

function isRefused(read: () => unknown): boolean {
  try {
    read();
    return false;
  } catch {
    return true;
  }
}

function outcomeOf(text: string): string {
  try {
    parse(text);
    return "read";
  } catch (error) {
    return String(error);
  }
}
