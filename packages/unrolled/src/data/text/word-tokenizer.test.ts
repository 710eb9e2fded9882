import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joined, type Tokenizer } from "./tokenizer.js";
import { spacedWordTokenizer, wordTokenizer } from "./word-tokenizer.js";

const tokenizers: readonly (readonly [name: string, tokenizer: Tokenizer])[] = [
  ["words", wordTokenizer],
  ["words parted by spaces", spacedWordTokenizer],
];

/** Texts in which everything occurs that a tokenizer tells apart. */
const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(" ", "\n", "\r\n", "\t", ".", ",", "'", "’", "-", "(", ")", '"', "<unk>", "<", "1", "3.14", "1,000", "sea"),
      fc.string({ unit: "grapheme", maxLength: 4 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(""));

describe.each(tokenizers)("%s", (_name, tokenizer) => {
  it("written as a text are the same words again, whatever the text and its spaces", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const tokens = tokenizer.split(text);
        expect(tokenizer.split(joined(tokenizer, tokens))).toEqual(tokens);
      }),
      { numRuns: 500 },
    );
  });

  it("lose nothing of a text but its spaces", () => {
    fc.assert(
      fc.property(texts, (text) => {
        const without = (some: string) => some.replace(/[^\S\n]/gu, "");
        const lines = text.replace(/\r\n?/g, "\n").replace(/\p{Surrogate}/gu, "\ufffd");
        expect(without(tokenizer.split(text).join(""))).toBe(without(lines));
      }),
    );
  });

  it("keep every line break, however it is written", () => {
    expect(tokenizer.split("a\nb\r\n\rc")).toEqual(["a", "\n", "b", "\n", "\n", "c"]);
  });
});

describe("words", () => {
  it.each<[text: string, tokens: string[]]>([
    ["Call me Ishmael.", ["Call", "me", "Ishmael", "."]],
    ["don't; sailor’s, sea-room -- 'tis", ["don't", ";", "sailor’s", ",", "sea-room", "-", "-", "'", "tis"]],
    ["1,000.5 whales at 3.14, 2nd", ["1,000.5", "whales", "at", "3.14", ",", "2nd"]],
    ["(He said: “No!”)", ["(", "He", "said", ":", "“", "No", "!", "”", ")"]],
    ["a <unk> <b>", ["a", "<unk>", "<", "b", ">"]],
    ["naïve Ahab🐳 café", ["naïve", "Ahab", "🐳", "café"]],
    ["lone \ud83d half", ["lone", "\ufffd", "half"]],
    ["  ", []],
  ])("of %j are %j", (text, tokens) => {
    expect(wordTokenizer.split(text)).toEqual(tokens);
  });

  it("stand a space apart as a text, but for line breaks and the marks that belong to a word", () => {
    const tokens = ["He", "said", ":", "“", "No", "!", "”", "(", "Yes", ".", ")", "\n", "And", "-", "so", "."];
    expect(joined(wordTokenizer, tokens)).toBe("He said: “No!” (Yes.)\nAnd - so.");
  });
});

describe("words parted by spaces", () => {
  it("keep their marks, as the Penn Treebank's", () => {
    const line = "mr. <unk> said he was n't in N u.s. cities";
    expect(spacedWordTokenizer.split(` ${line} \n`)).toEqual([...line.split(" "), "\n"]);
    expect(joined(spacedWordTokenizer, [...line.split(" "), "\n", "so"])).toBe(`${line}\nso`);
  });
});
