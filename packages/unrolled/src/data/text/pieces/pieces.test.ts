import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PieceTokenizer } from "./piece-tokenizer.js";
import { countPieceWords, trainPieces } from "./train-pieces.js";

const TEXT = [
  "She sells sea shells by the sea shore; the shells she sells are sea shells, I'm sure.",
  "  Two spaces,\ttabs\r\n\r\nand lines 1234567 (3.14!) don't end…\n",
  "naïve café 漢字かな交じり文 🐳🐳 👩‍👩‍👧 е́ ﷽",
].join("\n");
const tokenizer = trainPieces(TEXT.repeat(3), { size: 400 });

/** Text of anything that Unicode has, and of what the pieces were learned from. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 12 }),
      fc.constantFrom(...TEXT.split(/\b/u), "\ufeff", "\0", "\u0085", "\u2028"),
    ),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(""));

describe("trainPieces", () => {
  it("begins with the 256 bytes in GPT-2's order and makes pieces of what stands together most often", () => {
    const { pieces } = trainPieces("low low low low low lower lower newest newest newest newest newest newest", { size: 264 });
    expect(pieces.slice(0, 3)).toEqual(["!", '"', "#"]);
    expect(pieces[220]).toBe("Ġ");
    expect(new Set(pieces).size).toBe(264);
    // by hand: w e stand 8 times, l o 7, all others 6 at most, of which those come first that were learned first
    expect(pieces.slice(256)).toEqual(["we", "lo", "ewe", "newe", "st", "Ġlo", "Ġnewe", "Ġnewest"]);
  });

  it("gives the merges that counting anew before each of them gives", () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c", "é"), minLength: 1, maxLength: 9 }), {
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(words, (parts) => {
        const text = parts.join(" ");
        const { rules } = trainPieces(text, { size: 280, minimumCount: 2 });
        expect([...rules.merges]).toEqual(mergesByCounting(text, rules.pieces, 280));
      }),
      { numRuns: 200 },
    );
  });

  it("is the same for the same text, and ends early where nothing stands together often enough", () => {
    const again = trainPieces(TEXT.repeat(3), { size: 400 });
    expect(again.rules).toEqual(tokenizer.rules);
    expect(trainPieces("ab ab cd", { size: 1000 }).pieces.slice(256)).toEqual(["ab"]);
    expect(trainPieces("ab ab cd", { size: 1000, minimumCount: 1 }).pieces.slice(256)).toEqual(["ab", "cd", "Ġab", "Ġcd"]);
    expect(trainPieces("", { size: 300 }).pieces).toHaveLength(256);
  });

  it("is the same from the counts of several texts as from their words in one", () => {
    const counts = countPieceWords(" sea shells", countPieceWords(" the sea shore", countPieceWords(" she sells sea shells")));
    expect(trainPieces(counts, { size: 280 }).rules).toEqual(
      trainPieces(" she sells sea shells the sea shore sea shells", { size: 280 }).rules,
    );
  });

  it("learns from a text without a space in it as well", () => {
    const learned = trainPieces("海".repeat(20_000), { size: 300 });
    expect(learned.encode("海".repeat(1000)).length).toBeLessThan(50);
  });

  it.each([255, 300.5, Number.NaN])("refuses a size of %d", (size) => {
    expect(() => trainPieces("a", { size })).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: `trainPieces: \`size\` must be a whole number of at least 256, one for each byte, received ${size}.`,
      }),
    );
  });
});

describe("pieces of bytes", () => {
  it("give back any text, character by character", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(tokenizer.decode(tokenizer.encode(text))).toBe(text.toWellFormed());
      }),
      { numRuns: 500 },
    );
  });

  it("are fewer than the characters of the text that they were learned from", () => {
    expect(tokenizer.encode("the sea shells").length).toBeLessThan(5);
    expect(tokenizer.encode("")).toHaveLength(0);
  });

  it("are written one by one without ever a part of a character", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const writer = trainPieces("", { size: 256 }).writer();
        const parts = Array.from(trainPieces("", { size: 256 }).encode(text), (id) => writer.write(id));
        expect(parts.join("")).toBe(text.toWellFormed());
        for (const part of parts) expect([...part].length).toBeLessThanOrEqual(1);
        expect(writer.end()).toBe("");
      }),
      { numRuns: 50 },
    );
  });

  it("are U+FFFD where they make no character, and where one is cut off", () => {
    const bytes = tokenizer.encode("é");
    const cut = trainPieces("", { size: 256 });
    const [first = 0] = cut.encode("é");
    expect(cut.decode([first])).toBe("\ufffd");
    expect(cut.decode([first, ...cut.encode("a")])).toBe("\ufffda");
    expect(tokenizer.decode([...bytes, 100_000, -1])).toBe("é\ufffd\ufffd");
  });

  it("are found in n log n steps, in a word of any length", () => {
    const long = trainPieces("ab".repeat(500), { size: 270 });
    const text = "ab".repeat(100_000);
    const ids = long.encode(text);
    expect(long.decode(ids)).toBe(text);
    expect(ids.length).toBeLessThan(5000);
  });
});

describe("PieceTokenizer", () => {
  const rules = { pieces: ["a", "b", "ab"], merges: Int32Array.of(0, 1), added: [], normalizers: [], cuts: [], decoders: [] };

  it("gives -1 for what there is no piece for, where there is no unknown piece either", () => {
    expect([...new PieceTokenizer(rules).encode("abxb")]).toEqual([2, -1, 1]);
    const withUnknown = { ...rules, pieces: [...rules.pieces, "?"], unknown: 3 };
    expect([...new PieceTokenizer(withUnknown).encode("xyab")]).toEqual([3, 3, 2]);
    expect([...new PieceTokenizer({ ...withUnknown, fuseUnknown: true }).encode("xyab")]).toEqual([3, 2]);
  });

  it("refuses a piece that stands twice, and a merge that makes no piece", () => {
    expect(() => new PieceTokenizer({ ...rules, pieces: ["a", "b", "a"] })).toThrow(
      expect.objectContaining({ code: "UNROLLED_DATA", message: 'pieces: 2 must stand only once, received "a" at 0 too.' }),
    );
    expect(() => new PieceTokenizer({ ...rules, merges: Int32Array.of(1, 0) })).toThrow(
      expect.objectContaining({
        code: "UNROLLED_DATA",
        message: 'pieces: merge 0, "b" and "a", must make one of the pieces, and "ba" is none.',
      }),
    );
  });
});

/** What training does, by its definition: all pairs are counted before each merge. */
function mergesByCounting(text: string, pieces: readonly string[], size: number): number[] {
  const ids = new Map(pieces.map((piece, id) => [piece, id]));
  const plain = trainPieces("", { size: 256 });
  const words = (text.match(/ ?\S+/gu) ?? []).map((word) => [...plain.encode(word)]);
  const merges: number[] = [];
  for (let known = 256; known < size; ) {
    const counts = new Map<string, number>();
    for (const word of words) {
      for (let place = 0; place + 1 < word.length; place++) {
        const pair = `${word[place]} ${word[place + 1]}`;
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
    const ordered = Array.from(counts, ([pair, count]) => ({ pair: pair.split(" ").map(Number), count })).sort(
      (a, b) => b.count - a.count || (a.pair[0] ?? 0) - (b.pair[0] ?? 0) || (a.pair[1] ?? 0) - (b.pair[1] ?? 0),
    );
    const best = ordered[0];
    if (!best || best.count < 2) break;
    const [left = 0, right = 0] = best.pair;
    merges.push(left, right);
    const merged = ids.get(`${pieces[left]}${pieces[right]}`) ?? -1;
    if (merged === known) known++;
    for (const word of words) {
      for (let place = 0; place + 1 < word.length; place++) {
        if (word[place] === left && word[place + 1] === right) word.splice(place, 2, merged);
      }
    }
  }
  return merges;
}
