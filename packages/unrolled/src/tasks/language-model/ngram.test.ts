import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ngramBaseline } from "./ngram.js";

/** Mean negative log of the given probabilities. */
function meanLoss(...probabilities: number[]): number {
  return -probabilities.reduce((sum, probability) => sum + Math.log(probability), 0) / probabilities.length;
}

/** The formula of the docstring, word for word, counting anew for every question. */
function probability(train: readonly number[], context: readonly number[], symbol: number, vocabularySize: number): number {
  const shorter = context.length === 0 ? 1 / vocabularySize : probability(train, context.slice(1), symbol, vocabularySize);
  const followers = train.filter(
    (_, position) => position >= context.length && context.every((id, k) => train[position - context.length + k] === id),
  );
  if (followers.length === 0) return shorter;
  const distinct = new Set(followers).size;
  const seen = followers.filter((follower) => follower === symbol).length;
  return (seen + distinct * shorter) / (followers.length + distinct);
}

describe("ngramBaseline", () => {
  // Train "aab" over the vocabulary {a, b, c}:
  //   P(a) = (2 + 2/3) / 5 = 8/15    P(b) = (1 + 2/3) / 5 = 1/3    P(c) = (2/3) / 5 = 2/15
  //   P(a|a) = (1 + 2·8/15) / 4 = 31/60    P(b|a) = (1 + 2·1/3) / 4 = 5/12    P(b|aa) = (1 + 5/12) / 2 = 17/24
  const aab = [0, 0, 1];

  it("gives the losses of an example computed by hand", () => {
    const [unigram, bigram, trigram] = ngramBaseline(aab, [0, 0, 1], 3, [1, 2, 3]);
    expect(unigram?.loss).toBeCloseTo(meanLoss(8 / 15, 8 / 15, 1 / 3), 12);
    expect(bigram?.loss).toBeCloseTo(meanLoss(8 / 15, 31 / 60, 5 / 12), 12);
    expect(trigram?.loss).toBeCloseTo(meanLoss(8 / 15, 31 / 60, 17 / 24), 12);
  });

  it("falls back to the shorter context where the longer one was never followed", () => {
    const [bigram] = ngramBaseline(aab, [1, 2], 3, [2]);
    expect(bigram?.loss).toBeCloseTo(meanLoss(1 / 3, 2 / 15), 12);
  });

  it("is the uniform distribution when nothing was counted", () => {
    expect(ngramBaseline([], [0, 3, 1], 4, [1, 4]).map(({ loss }) => loss)).toEqual([Math.log(4), Math.log(4)]);
  });

  it("answers in the order asked, one result for each order", () => {
    const results = ngramBaseline(aab, [0, 0, 1], 3, [3, 1, 3]);
    expect(results.map(({ order }) => order)).toEqual([3, 1, 3]);
    expect(results[0]).toEqual(results[2]);
    expect(results[1]).toEqual(ngramBaseline(aab, [0, 0, 1], 3, [1])[0]);
    expect(ngramBaseline(aab, [0], 3, [])).toEqual([]);
  });

  it("equals the formula evaluated naively, on any text and any order", () => {
    const symbol = fc.integer({ min: 0, max: 3 });
    fc.assert(
      fc.property(fc.array(symbol, { maxLength: 40 }), fc.array(symbol, { minLength: 1, maxLength: 12 }), (train, validation) => {
        for (const { order, loss } of ngramBaseline(train, validation, 5, [1, 2, 3, 5])) {
          const expected = meanLoss(
            ...validation.map((id, at) => probability(train, validation.slice(Math.max(0, at - order + 1), at), id, 5)),
          );
          expect(loss).toBeCloseTo(expected, 10);
        }
      }),
    );
  });

  it("gives probabilities that sum to 1 over the vocabulary, after any context", () => {
    const vocabularySize = 6;
    const symbol = fc.integer({ min: 0, max: vocabularySize - 1 });
    fc.assert(
      fc.property(fc.array(symbol, { maxLength: 60 }), fc.array(symbol, { maxLength: 6 }), (train, context) => {
        const total = (ids: number[]) => (ngramBaseline(train, ids, vocabularySize, [4])[0]?.loss ?? Number.NaN) * ids.length;
        const before = context.length === 0 ? 0 : total(context);
        let sum = 0;
        for (let id = 0; id < vocabularySize; id += 1) sum += Math.exp(before - total([...context, id]));
        expect(sum).toBeCloseTo(1, 10);
      }),
    );
  });

  it("counts right through the growth of its tables", () => {
    // 0, 1, …, 1999 twice over: 6,000 sequences of up to three symbols, each followed by its one follower twice.
    const once = Array.from({ length: 2000 }, (_, id) => id);
    const [trigram] = ngramBaseline([...once, ...once], once.slice(0, -1), 2000, [3]);
    const unigram = (2 + 2000 / 2000) / (4000 + 2000);
    const bigram = (2 + unigram) / (2 + 1);
    const expected = [unigram, bigram, ...Array.from({ length: 1997 }, () => (2 + bigram) / (2 + 1))];
    expect(trigram?.loss).toBeCloseTo(meanLoss(...expected), 10);
  });

  it("names the position of a symbol outside the vocabulary", () => {
    expect(() => ngramBaseline([0, 1, 3], [0], 3, [2])).toThrow(
      "ngramBaseline: `trainIds` must hold whole numbers from 0 to 2, received 3 at position 2.",
    );
    expect(() => ngramBaseline([0], [-1], 3, [2])).toThrow(
      "ngramBaseline: `validationIds` must hold whole numbers from 0 to 2, received -1 at position 0.",
    );
    expect(() => ngramBaseline([0], [0.5], 3, [2])).toThrow("received 0.5 at position 0");
  });

  it("refuses an empty validation text, orders below 1 and an empty vocabulary", () => {
    expect(() => ngramBaseline([0], [], 3, [2])).toThrow("`validationIds` is empty; give at least one symbol to predict.");
    expect(() => ngramBaseline([0], [0], 3, [0])).toThrow("`orders` must hold whole numbers of at least 1, received 0.");
    expect(() => ngramBaseline([0], [0], 3, [1.5])).toThrow("received 1.5");
    expect(() => ngramBaseline([], [0], 0, [1])).toThrow("`vocabularySize` must be a whole number of at least 1, received 0.");
  });
});
