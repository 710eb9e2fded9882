import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Vocabulary } from "./vocabulary.js";

describe("Vocabulary", () => {
  it("holds the characters of a text once each, by code point, behind the one for unknown characters", () => {
    const vocabulary = Vocabulary.of("banana 🐳\n");
    expect(vocabulary.symbols).toEqual(["\ufffd", "\n", " ", "a", "b", "n", "🐳"]);
    expect(vocabulary.size).toBe(7);
  });

  it("is the same for code points as for the text that they make", () => {
    expect(Vocabulary.of(Int32Array.of(0x62, 0x1f433, 0x61)).symbols).toEqual(Vocabulary.of("b🐳a").symbols);
  });

  it("encodes each character as one index, also outside the basic plane, and decodes it back", () => {
    const vocabulary = Vocabulary.of("ab🐳");
    expect(vocabulary.encode("🐳ba")).toEqual(Int32Array.of(3, 2, 1));
    expect(vocabulary.decode([3, 2, 1])).toBe("🐳ba");
    expect(vocabulary.encode(Int32Array.of(0x1f433))).toEqual(Int32Array.of(3));
  });

  it("gives back any text that it was made of", () => {
    const texts = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !text.includes("\ufffd"));
    fc.assert(
      fc.property(texts, (text) => {
        const vocabulary = Vocabulary.of(text);
        const indices = vocabulary.encode(text);
        expect(vocabulary.decode(indices)).toBe(text);
        expect(indices).toHaveLength([...text].length);
        expect(indices).not.toContain(0);
        expect(indices.every((index) => index < vocabulary.size)).toBe(true);
      }),
    );
  });

  it("gives index 0 for unknown characters, lone surrogates and U+FFFD itself", () => {
    const vocabulary = Vocabulary.of("ab\ufffd\ud83d");
    expect(vocabulary.symbols).toEqual(["\ufffd", "a", "b"]);
    expect(vocabulary.encode("aXb\ud83d\ufffdÿ🐳")).toEqual(Int32Array.of(1, 0, 2, 0, 0, 0, 0));
    expect(vocabulary.decode([1, 0, 2])).toBe("a\ufffdb");
  });

  it("decodes an index that it does not have as unknown", () => {
    expect(Vocabulary.of("ab").decode([1, 3, -1, 0.5])).toBe("a\ufffd\ufffd\ufffd");
  });

  it("is made again by its symbols", () => {
    const vocabulary = Vocabulary.of("tale of a 🐳");
    expect(new Vocabulary(vocabulary.symbols).encode("a 🐳")).toEqual(vocabulary.encode("a 🐳"));
  });

  it.each<[what: string, symbols: string[], entry: number, received: string]>([
    ["two characters in one entry", ["\ufffd", "a", "bc"], 2, '"bc"'],
    ["an empty entry", ["\ufffd", ""], 1, '""'],
    ["a character that stands twice", ["\ufffd", "a", "b", "a"], 3, '"a"'],
    ["another first entry", ["a", "b"], 0, '"a"'],
    ["U+FFFD a second time", ["\ufffd", "\ufffd"], 1, '"\ufffd"'],
    ["half of a surrogate pair", ["\ufffd", "\ud83d"], 1, '"\\ud83d"'],
  ])("refuses %s, naming the entry", (_what, symbols, entry, received) => {
    expect(() => new Vocabulary(symbols)).toThrow(
      expect.objectContaining({
        code: "UNROLLED_DATA",
        message: `vocabulary: entry ${entry} must be a single character that stands only once, and \\uFFFD the first; received ${received}.`,
      }),
    );
  });

  it("refuses a text without a character", () => {
    const error = { code: "UNROLLED_DATA", message: "vocabulary: expected at least one character, received 1 entries." };
    expect(() => Vocabulary.of("")).toThrow(expect.objectContaining(error));
    expect(() => Vocabulary.of("\ufffd\ud83d")).toThrow(expect.objectContaining(error));
  });
});

describe("Vocabulary of words", () => {
  const text = "the whale, the sea\nthe whale\n";

  it("holds them from the most frequent on, equal ones in the order of their characters, behind <unk>", () => {
    const vocabulary = Vocabulary.of(text, { tokens: "word" });
    expect(vocabulary.symbols).toEqual(["<unk>", "the", "\n", "whale", ",", "sea"]);
    expect(vocabulary.tokens).toBe("word");
    expect(vocabulary.size).toBe(6);
  });

  it("encodes each word as one index, 0 for unknown ones and for <unk> itself, and decodes them", () => {
    const vocabulary = Vocabulary.of(text, { tokens: "word" });
    expect(vocabulary.encode("the <unk> whale,\nshe")).toEqual(Int32Array.of(1, 0, 3, 4, 2, 0));
    expect(vocabulary.decode([1, 0, 3, 4, 2, 5, 99])).toBe("the <unk> whale,\nsea <unk>");
  });

  it("gives back the words of any text that it was made of", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (some) => {
        const indices = Vocabulary.of(`a ${some}`, { tokens: "word" }).encode(some);
        const vocabulary = Vocabulary.of(`a ${some}`, { tokens: "word" });
        expect(vocabulary.encode(vocabulary.decode(indices))).toEqual(indices);
      }),
    );
  });

  it("counts a literal <unk> as unknown and not as a word", () => {
    expect(Vocabulary.of("<unk> <unk> a", { tokens: "word" }).symbols).toEqual(["<unk>", "a"]);
  });

  it("leaves out what is too rare, and the rarest beyond its size", () => {
    expect(Vocabulary.of(text, { tokens: "word", minimumCount: 2 }).symbols).toEqual(["<unk>", "the", "\n", "whale"]);
    expect(Vocabulary.of(text, { tokens: "word", size: 3 }).symbols).toEqual(["<unk>", "the", "\n"]);
    expect(Vocabulary.of("abacab", { minimumCount: 2 }).symbols).toEqual(["\ufffd", "a", "b"]);
    expect(Vocabulary.of("cbcab", { size: 3 }).symbols).toEqual(["\ufffd", "b", "c"]);
  });

  it("keeps marks on words where spaces part them already", () => {
    const vocabulary = Vocabulary.of("mr. x said", { tokens: "word", splitPunctuation: false });
    expect(vocabulary.symbols).toEqual(["<unk>", "mr.", "said", "x"]);
    expect(vocabulary.encode("mr. y.")).toEqual(Int32Array.of(1, 0));
  });

  it("is made again by its symbols", () => {
    const vocabulary = Vocabulary.of("mr. x said", { tokens: "word", splitPunctuation: false });
    const { symbols, tokens, splitPunctuation } = vocabulary;
    expect(new Vocabulary(symbols, { tokens, splitPunctuation }).encode("said mr.")).toEqual(vocabulary.encode("said mr."));
  });

  it.each<[what: string, symbols: string[], entry: number]>([
    ["two words in one entry", ["<unk>", "a b"], 1],
    ["an empty entry", ["<unk>", ""], 1],
    ["a word that stands twice", ["<unk>", "a", "a"], 2],
    ["another first entry", ["a", "b"], 0],
  ])("refuses %s, naming the entry", (_what, symbols, entry) => {
    expect(() => new Vocabulary(symbols, { tokens: "word" })).toThrow(
      expect.objectContaining({
        code: "UNROLLED_DATA",
        message:
          `vocabulary: entry ${entry} must be a single word that stands only once, and <unk> the first; ` +
          `received ${JSON.stringify(symbols[entry])}.`,
      }),
    );
  });

  it("refuses to leave punctuation at words where there are none", () => {
    expect(() => Vocabulary.of("a b", { splitPunctuation: false })).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: 'vocabulary: `splitPunctuation: false` is about words; set tokens: "word" too.',
      }),
    );
  });

  it("refuses a text of which no word is left", () => {
    expect(() => Vocabulary.of("a b c", { tokens: "word", minimumCount: 2 })).toThrow(
      expect.objectContaining({ message: "vocabulary: expected at least one word, received 1 entries." }),
    );
  });
});
