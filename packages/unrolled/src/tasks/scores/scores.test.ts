import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { bleu } from "./bleu.js";
import { chrF } from "./chrf.js";
import { exactMatch, wordErrorRate } from "./word-error.js";

interface Corpus {
  readonly answers: readonly string[];
  readonly references: readonly (readonly string[])[];
  readonly bleu: Readonly<Record<"13a" | "none", number>>;
  readonly chrF?: number;
}

const corpora = JSON.parse(readFileSync(new URL("./fixtures/sacrebleu.json", import.meta.url), "utf8")) as Corpus[];

describe("scores of texts", () => {
  it.each(corpora.map((corpus, place) => [place, corpus] as const))("are sacreBLEU's own: corpus %i", (_place, corpus) => {
    for (const tokenize of ["13a", "none"] as const) {
      expect(bleu(corpus.answers, corpus.references, { tokenize }), tokenize).toBeCloseTo(corpus.bleu[tokenize], 9);
    }
    expect(bleu(corpus.answers, corpus.references)).toBeCloseTo(corpus.bleu["13a"], 9);
    if (corpus.chrF === undefined) return;
    const single = corpus.references.map(([reference]) => reference as string);
    expect(chrF(corpus.answers, single)).toBeCloseTo(corpus.chrF, 9);
    expect(bleu(corpus.answers, single)).toBeCloseTo(corpus.bleu["13a"], 9);
  });

  it("count an answer of nothing as nothing right", () => {
    expect(bleu([""], ["a b c d"])).toBe(0);
    expect(chrF([""], ["a b c d"])).toBe(0);
    expect(wordErrorRate([""], ["a b c d"])).toBe(1);
  });

  it("wordErrorRate: the least insertions, deletions and substitutions by the words of all references", () => {
    expect(wordErrorRate(["a b c"], ["a b c"])).toBe(0);
    expect(wordErrorRate(["a x c", "d"], ["a b c", "d e"])).toBeCloseTo(2 / 5, 12);
    expect(wordErrorRate(["b a"], ["a b"])).toBe(1);
    expect(wordErrorRate(["a b c d"], ["a"])).toBe(3);
    expect(wordErrorRate(["a"], [""])).toBe(1);
  });

  it("exactMatch: the part that is right as a whole, whatever the spaces", () => {
    expect(exactMatch(["a  b", "a", " c "], ["a b", "b", "c"])).toBeCloseTo(2 / 3, 12);
  });

  it.each([
    ["bleu", bleu],
    ["chrF", chrF],
    ["wordErrorRate", wordErrorRate],
    ["exactMatch", exactMatch],
  ] as const)("%s says how many of what it was given", (name, score) => {
    expect(() => score(["a", "b"], ["a"])).toThrow(`${name}: expected as many references as answers`);
    expect(() => score([], [])).toThrow("received 0 answers and 0 references");
  });

  it("bleu refuses what it doesn't know", () => {
    expect(() => bleu(["a"], ["a"], { tokenize: "intl" as never })).toThrow(
      /`tokenize` must be one of 13a, none, received "intl"/,
    );
    expect(() => bleu(["a"], ["a"], { lowercase: true } as never)).toThrow(/lowercase/);
  });
});
