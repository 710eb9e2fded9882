import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { codePointsOf, textOf } from "./characters.js";

describe("codePointsOf", () => {
  it("counts a character outside the basic plane once", () => {
    expect(codePointsOf("aé漢🐳z")).toEqual(Int32Array.of(0x61, 0xe9, 0x6f22, 0x1f433, 0x7a));
  });

  it("gives the replacement character for half of a surrogate pair, wherever it stands", () => {
    expect(codePointsOf("\ud83d")).toEqual(Int32Array.of(0xfffd));
    expect(codePointsOf("\udc33a\ud83d\ud83d\udc33\ud83d")).toEqual(Int32Array.of(0xfffd, 0x61, 0xfffd, 0x1f433, 0xfffd));
  });

  it("gives nothing for an empty text", () => {
    expect(codePointsOf("")).toEqual(new Int32Array(0));
  });

  it("agrees with the string's own iteration for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const own = [...text.toWellFormed()].map((character) => character.codePointAt(0));
        expect([...codePointsOf(text)]).toEqual(own);
      }),
    );
  });
});

describe("textOf", () => {
  it("gives back the text whose code points they are, also of more characters than a call takes arguments", () => {
    const text = "whale 🐳 ".repeat(40_000);
    expect(textOf(codePointsOf(text))).toBe(text);
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (any) => {
        expect(textOf(codePointsOf(any))).toBe(any);
      }),
    );
  });
});
