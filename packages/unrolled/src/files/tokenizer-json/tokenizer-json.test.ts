import { Tokenizer } from "@huggingface/tokenizers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PATTERNS } from "../../data/text/pieces/rules.js";
import { trainPieces } from "../../data/text/pieces/train-pieces.js";
import { readTokenizer } from "./read.js";
import { writeTokenizer } from "./write.js";

const TEXT =
  "She sells sea shells by the sea shore; the shells she'll sell are sea shells, I'm sure.\n\n  Two spaces,\ttabs 1234567 " +
  "(3.14!) don't end…\nnaïve café 漢字 🐳🐳\n";
const trained = trainPieces(TEXT.repeat(3), { size: 360 });

type Json = Record<string, unknown>;
const bytesOf = (file: unknown) => new TextEncoder().encode(JSON.stringify(file));
const jsonOf = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as Json;

/** What Hugging Face's own library makes of a text. */
function reference(file: Json): { encode: (text: string) => number[]; decode: (ids: number[]) => string } {
  const tokenizer = new Tokenizer(file, {});
  return {
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
    decode: (ids) => tokenizer.decode(ids, { skip_special_tokens: false, clean_up_tokenization_spaces: false }),
  };
}

/** Texts of what these tokenizers tell apart. */
const texts = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        " ",
        "  ",
        "\n",
        "\t",
        ".",
        ",",
        "'s",
        "'LL",
        "don't",
        "1",
        "2024",
        "(",
        "sea",
        "shells",
        "naïve",
        "漢字",
        "🐳",
        "<end>",
        "Ⅷ",
        "x_y",
      ),
      fc.string({ unit: "grapheme-ascii", maxLength: 5 }),
    ),
    { maxLength: 15 },
  )
  .map((parts) => parts.join(""));

/** A file with changes to some of its parts. */
function changed(changes: Json, model: Json = {}): Json {
  const file = jsonOf(writeTokenizer(trained));
  return { ...file, ...changes, model: { ...(file.model as Json), ...model } };
}

/** Pieces of characters with a mark for spaces, as Llama 2 has them. */
const marked = characterFile("▁", [
  ["▁", "s"],
  ["h", "e"],
  ["▁s", "e"],
  ["l", "l"],
  ["▁se", "a"],
]);
function characterFile(extra: string, merges: readonly (readonly [string, string])[], suffix = ""): Json {
  const characters = [...new Set(`${extra}abcdefghijklmnopqrstuvwxyzS.,;'(!)_0123456789${extra}`)];
  const all = [
    "<unk>",
    ...characters,
    ...(suffix ? characters.map((character) => character + suffix) : []),
    ...merges.map((pair) => pair.join("")),
  ];
  const vocab = Object.fromEntries(all.map((piece, id) => [piece, id]));
  return {
    version: "1.0",
    added_tokens: [
      { id: 0, content: "<unk>", single_word: false, lstrip: false, rstrip: false, normalized: false, special: true },
    ],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: null,
    model: {
      type: "BPE",
      dropout: null,
      unk_token: "<unk>",
      fuse_unk: false,
      byte_fallback: false,
      vocab,
      merges: merges.map((pair) => pair.join(" ")),
    },
  };
}

function withBytes(model: Json): Json {
  const vocab = { ...(model.vocab as Record<string, number>) };
  for (let byte = 0; byte < 256; byte++)
    vocab[`<0x${byte.toString(16).toUpperCase().padStart(2, "0")}>`] = Object.keys(vocab).length;
  return { ...model, vocab, byte_fallback: true };
}

const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true };
const split = (pattern: string) => ({
  type: "Sequence",
  pretokenizers: [
    { type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false },
    { ...byteLevel, use_regex: false },
  ],
});

describe("readTokenizer encodes and decodes as Hugging Face's own library does", () => {
  it.each<[what: string, file: Json]>([
    ["pieces that were learned here", changed({})],
    ["a space before the text", changed({ pre_tokenizer: { ...byteLevel, add_prefix_space: true } })],
    ["Llama 3's pattern", changed({ pre_tokenizer: split(PATTERNS.llama3) }, { ignore_merges: true })],
    ["Qwen 2's pattern", changed({ normalizer: { type: "NFC" }, pre_tokenizer: split(PATTERNS.qwen2) })],
    [
      "digits by themselves",
      changed({ pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "Digits", individual_digits: true }, byteLevel] } }),
    ],
    [
      "an added piece",
      changed({
        added_tokens: [
          {
            id: trained.pieces.length,
            content: "<end>",
            single_word: false,
            lstrip: false,
            rstrip: false,
            normalized: false,
            special: true,
          },
        ],
      }),
    ],
    [
      "a mark for spaces",
      {
        ...marked,
        pre_tokenizer: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
        decoder: { type: "Metaspace", replacement: "▁", prepend_scheme: "always", split: true },
      },
    ],
    [
      "a mark for spaces before the whole text, and bytes for what there is no piece for",
      {
        ...marked,
        normalizer: {
          type: "Sequence",
          normalizers: [
            { type: "Prepend", prepend: "▁" },
            { type: "Replace", pattern: { String: " " }, content: "▁" },
          ],
        },
        decoder: {
          type: "Sequence",
          decoders: [
            { type: "Replace", pattern: { String: "▁" }, content: " " },
            { type: "ByteFallback" },
            { type: "Fuse" },
            { type: "Strip", content: " ", start: 1, stop: 0 },
          ],
        },
        model: withBytes(marked.model as Json),
      },
    ],
    [
      "words that white space cuts, with a mark at their end",
      {
        ...characterFile(
          "é",
          [
            ["s", "e"],
            ["se", "a</w>"],
            ["l", "l"],
            ["h", "e</w>"],
          ],
          "</w>",
        ),
        ...{
          normalizer: { type: "Lowercase" },
          pre_tokenizer: { type: "WhitespaceSplit" },
          decoder: { type: "BPEDecoder", suffix: "</w>" },
        },
      },
    ],
  ])("%s", (what, file) => {
    if (what.includes("at their end")) Object.assign(file.model as Json, { end_of_word_suffix: "</w>" });
    const tokenizer = readTokenizer(bytesOf(file));
    const byReference = reference(file);
    let compared = 0;
    fc.assert(
      fc.property(texts, (text) => {
        const ids = [...tokenizer.encode(text)];
        expect(ids).toEqual(byReference.encode(text));
        compared += ids.length;
      }),
      { numRuns: 200 },
    );
    expect(compared).toBeGreaterThan(500);
    const ids = byReference.encode("sea shells, she sells.");
    expect(tokenizer.decode(ids)).toBe(byReference.decode(ids));
    const again = readTokenizer(writeTokenizer(tokenizer));
    expect(again.rules).toEqual(tokenizer.rules);
  });

  it("a text of pieces of bytes, lossless", () => {
    const tokenizer = readTokenizer(writeTokenizer(trained));
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(tokenizer.encode(text)).toEqual(trained.encode(text));
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text.toWellFormed());
      }),
      { numRuns: 30 },
    );
  });
});

describe("writeTokenizer", () => {
  it("keeps pieces that are numbers or names of every object, and pieces with a space in a merge", () => {
    const pieces = ["__proto__", "constructor", "1", "0", " ", "a", " a", "10"];
    const file = changed(
      { pre_tokenizer: null, decoder: null },
      { vocab: Object.fromEntries(pieces.slice(1).map((piece, id) => [piece, id])), merges: [[" ", "a"], "1 0"] },
    );
    const { rules } = readTokenizer(bytesOf(file));
    expect(rules.pieces).toEqual(pieces.slice(1));
    const proto = new TextEncoder().encode(JSON.stringify(file).replace('"vocab":{', '"vocab":{"__proto__":7,'));
    const again = readTokenizer(writeTokenizer(readTokenizer(proto)));
    expect(again.rules.pieces).toEqual([...pieces.slice(1), "__proto__"]);
    expect([...again.encode(" a10")]).toEqual([5, 6]);
  });
});

describe("readTokenizer refuses", () => {
  const added = { id: trained.pieces.length, content: "<end>", single_word: false, lstrip: false, rstrip: false, special: true };
  it.each<[what: string, file: Json, message: string]>([
    ["another model", changed({}, { type: "WordPiece" }), '`model.type` must be "BPE", received "WordPiece".'],
    [
      "pieces by chance",
      changed({}, { dropout: 0.1 }),
      "`model.dropout` draws pieces by chance, which isn't supported; set it to null.",
    ],
    [
      "a normalizer that isn't followed",
      changed({ normalizer: { type: "BertNormalizer", clean_text: true } }),
      '`normalizer.type` must be one of "NFC", "NFD", "NFKC", "NFKD", "Lowercase", "Prepend", "Replace", received "BertNormalizer".',
    ],
    [
      "a regular expression to replace by",
      changed({ normalizer: { type: "Replace", pattern: { Regex: "(a+)+b" }, content: "" } }),
      "`normalizer.pattern.String` is missing; it must be a string.",
    ],
    [
      "a pattern that isn't known",
      changed({ pre_tokenizer: split("(a+)+b") }),
      'the pattern "(a+)+b" isn\'t supported; those of GPT-2, Llama 3 and Qwen 2 are.',
    ],
    [
      "a pre-tokenizer that isn't followed",
      changed({ pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "UnicodeScripts" }] } }),
      '`pre_tokenizer.pretokenizers[0].type` must be one of "ByteLevel", "Metaspace", "Split", "Digits", "Whitespace", "WhitespaceSplit", received "UnicodeScripts".',
    ],
    [
      "a step behind bytes",
      changed({ pre_tokenizer: { type: "Sequence", pretokenizers: [byteLevel, { type: "Digits" }] } }),
      "`pre_tokenizer` with a step behind ByteLevel isn't supported; put it last.",
    ],
    [
      "a decoder that isn't followed",
      changed({ decoder: { type: "WordPiece", prefix: "##" } }),
      '`decoder.type` must be one of "ByteLevel", "ByteFallback", "Fuse", "Strip", "Metaspace", "Replace", "BPEDecoder", received "WordPiece".',
    ],
    [
      "an added piece that takes spaces with it",
      changed({ added_tokens: [{ ...added, lstrip: true }] }),
      '`lstrip` of the added token "<end>" isn\'t supported; set it to false.',
    ],
    [
      "an added piece of another id than in the vocabulary",
      changed({ added_tokens: [{ ...added, content: "!" }] }),
      `the added token "!" has id ${added.id}, and 0 in \`model.vocab\`; keep one of them.`,
    ],
    [
      "ids with a gap, however large",
      changed({ added_tokens: [{ ...added, id: 4_000_000 }] }),
      `the ids of ${added.id + 1} pieces must be 0 to ${added.id}, each once, received 4000000 for "<end>".`,
    ],
    [
      "an id that stands twice",
      changed({}, { vocab: { a: 0, b: 0 }, merges: [] }),
      'the ids of 2 pieces must be 0 to 1, each once, received 0 for "b" and for "a".',
    ],
    ["no piece", changed({}, { vocab: {}, merges: [] }), "pieces: expected 1 to 4194302 of them, received 0."],
    [
      "a merge of one",
      changed({}, { merges: ["a"] }),
      '`model.merges[0]` must be two pieces, as "a b" or ["a", "b"], received "a".',
    ],
    [
      "a merge of what is no piece",
      changed({}, { merges: [["a", "漢"]] }),
      '`model.merges[0]` must be of pieces in `model.vocab`, received "漢".',
    ],
    [
      "a merge that makes no piece",
      changed({}, { merges: ["! !"] }),
      'pieces: merge 0, "!" and "!", must make one of the pieces, and "!!" is none.',
    ],
    [
      "an unknown piece that is none",
      changed({}, { unk_token: "<x>" }),
      '`model.unk_token` must be a piece of `model.vocab`, received "<x>".',
    ],
    [
      "a field that nobody knows",
      changed({ extra: 1 }),
      "`extra` is not a known field; remove it, or use the version that wrote the file.",
    ],
  ])("%s", (_what, file, message) => {
    expect(() => readTokenizer(bytesOf(file))).toThrow(
      expect.objectContaining({ code: "UNROLLED_FILE", message: `tokenizer.json: ${message}` }),
    );
  });
});
