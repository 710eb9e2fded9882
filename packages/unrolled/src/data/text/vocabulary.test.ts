import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PieceTokenizer } from "./pieces/piece-tokenizer.js";
import { pieceVocabularySize, Vocabulary } from "./vocabulary.js";

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

describe("Vocabulary of pieces", () => {
  const text = "the whale, the sea, the whales and the whaler 🐳\n".repeat(20);
  const vocabulary = Vocabulary.of(text, { tokens: "piece", size: 290 });

  it("holds index 0 for unknown ones, the bytes, and pieces that were learned from the text, up to its size", () => {
    expect(vocabulary.tokens).toBe("piece");
    expect(vocabulary.symbols[0]).toBe("<unk>");
    expect(vocabulary.symbols.slice(1)).toEqual(vocabulary.tokenizer?.pieces);
    expect(vocabulary.size).toBeGreaterThan(265);
    expect(vocabulary.size).toBeLessThanOrEqual(290);
    expect(vocabulary.symbols).toContain("Ġwhale");
    expect(vocabulary.indexOf("Ġwhale")).toBe(vocabulary.symbols.indexOf("Ġwhale"));
    expect(vocabulary.indexOf("Ġkraken")).toBe(0);
  });

  it("knows every text: gives it back, in as many parts as it has indices, and none of them unknown", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (some) => {
        const indices = vocabulary.encode(some);
        expect(vocabulary.decode(indices)).toBe(some.toWellFormed());
        expect(indices).not.toContain(0);
        const parts = vocabulary.split(some);
        expect(parts).toHaveLength(indices.length);
        expect(parts.join("")).toBe(some.toWellFormed());
      }),
      { numRuns: 40 },
    );
    expect(vocabulary.split("the whale🦑!").slice(0, 2)).toEqual(["the", " whale"]);
    expect(vocabulary.split("漢")).toEqual(["", "", "漢"]);
  });

  it("has a size by the length of the text where none is said, and no fewer than the bytes", () => {
    expect([0, 10_000, 100_000, 1_000_000, 1e9].map(pieceVocabularySize)).toEqual([500, 500, 1265, 4000, 8000]);
    expect(() => Vocabulary.of(text, { tokens: "piece", size: 256 })).toThrow(
      expect.objectContaining({ code: "UNROLLED_VALUE" }),
    );
    expect(Vocabulary.of(text, { tokens: "piece", size: 257 }).size).toBe(257);
  });

  it("is made again by its tokenizer, and not by its symbols", () => {
    const { tokenizer, tokens } = vocabulary;
    expect(tokenizer && new Vocabulary(tokenizer).encode("the whaler")).toEqual(vocabulary.encode("the whaler"));
    expect(() => new Vocabulary(vocabulary.symbols, { tokens })).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: "vocabulary: pieces are known by their tokenizer; give that instead of symbols.",
      }),
    );
  });

  it("reads a tokenizer's unknown piece, and what it has no piece for, as index 0", () => {
    const rules = { pieces: ["a", "<x>", "b"], merges: new Int32Array(0), added: [], normalizers: [], cuts: [], decoders: [] };
    expect([...new Vocabulary(new PieceTokenizer(rules)).encode("abz")]).toEqual([1, 3, 0]);
    expect([...new Vocabulary(new PieceTokenizer({ ...rules, unknown: 1 })).encode("abz")]).toEqual([1, 3, 0]);
  });
});

describe("a writer of a text", () => {
  it("writes token by token what decode writes at once, for all units", () => {
    const text = "the whale, the sea 🐳\nthe whale\n";
    for (const tokens of ["char", "word", "piece"] as const) {
      const vocabulary = Vocabulary.of(text, { tokens });
      const writer = vocabulary.writer();
      const indices = [...vocabulary.encode(text), 0];
      expect(indices.map((index) => writer.write(index)).join("") + writer.end()).toBe(vocabulary.decode(indices));
    }
  });

  it("goes on with a text", () => {
    const words = Vocabulary.of("the whale, the sea", { tokens: "word" });
    expect(words.writer("the").write(words.indexOf("whale"))).toBe(" whale");
    expect(words.writer("the ").write(words.indexOf("whale"))).toBe("whale");
    expect(words.writer().write(words.indexOf("whale"))).toBe("whale");
  });
});
