import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BeamSearch, type BeamSearchOptions, beamSearch, type DecoderSteps } from "./beam-search.js";
import { normalized } from "./hypothesis.js";

const [START, END] = [0, 0];
const SYMBOLS = 4;
const LONGEST = 4;

/** Logits that depend on the source and on all tokens before. */
function logitsAfter(source: number, tokens: readonly number[], seed: number): number[] {
  let state = (seed * 7919 + source * 104729 + 1) % 2147483647;
  for (const token of tokens) state = (state * 48271 + 31 * (token + 1)) % 2147483647;
  return Array.from({ length: SYMBOLS }, () => {
    state = (state * 48271) % 2147483647;
    return (6 * state) / 2147483647 - 3;
  });
}

/** Steps that keep what each row has written. */
function steps(seed: number, sources: readonly number[]): DecoderSteps {
  let rows: { source: number; tokens: readonly number[] }[] = sources.map((source) => ({ source, tokens: [] }));
  let isFirst = true;
  return {
    next(tokens, parents) {
      rows = Array.from(parents, (parent, row) => {
        const before = rows[parent] as (typeof rows)[number];
        return { ...before, tokens: isFirst ? [] : [...before.tokens, tokens[row] as number] };
      });
      isFirst = false;
      return Float64Array.from(rows.flatMap(({ source, tokens: written }) => logitsAfter(source, written, seed)));
    },
  };
}

/** log p and score of every answer there can be. */
function everyAnswer(source: number, seed: number, alpha: number) {
  const answers: { tokens: number[]; logProbability: number; score: number }[] = [];
  const walk = (tokens: number[], logProbability: number) => {
    const logits = logitsAfter(source, tokens, seed);
    const total = Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0));
    for (const [token, logit] of logits.entries()) {
      const next = logProbability + logit - total;
      const length = tokens.length + 1;
      if (token === END) answers.push({ tokens, logProbability: next, score: normalized(next, length, alpha) });
      else if (length === LONGEST)
        answers.push({ tokens: [...tokens, token], logProbability: next, score: normalized(next, length, alpha) });
      else walk([...tokens, token], next);
    }
  };
  walk([], 0);
  return answers.sort((a, b) => b.score - a.score);
}

const search = (seed: number, options: Partial<BeamSearchOptions> = {}, sources: readonly number[] = [0]) =>
  beamSearch(steps(seed, sources), sources.length, { start: START, end: END, maxLength: LONGEST, ...options });

describe("beamSearch", () => {
  it("with room for all answers it finds those of exhaustive search", () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.constantFrom(0, 0.6, 1, 2), (seed, alpha) => {
        const found = search(seed, { beam: 500, nBest: 5, lengthNormalization: alpha })[0] ?? [];
        const every = everyAnswer(0, seed, alpha).slice(0, 5);
        expect(found.map(({ tokens }) => tokens)).toEqual(every.map(({ tokens }) => tokens));
        for (const [place, { score, logProbability }] of found.entries()) {
          expect(score).toBeCloseTo(every[place]?.score as number, 9);
          expect(logProbability).toBeCloseTo(every[place]?.logProbability as number, 9);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("a beam of 1 takes the likeliest token at each step", () => {
    fc.assert(
      fc.property(fc.nat(1e6), (seed) => {
        const tokens: number[] = [];
        while (tokens.length < LONGEST) {
          const logits = logitsAfter(0, tokens, seed);
          const token = logits.indexOf(Math.max(...logits));
          if (token === END) break;
          tokens.push(token);
        }
        expect(search(seed)[0]?.[0]?.tokens).toEqual(tokens);
      }),
    );
  });

  it("no beam gives a lower score than a beam of 1", () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 2, max: 5 }), fc.constantFrom(0, 0.6, 1), (seed, beam, lengthNormalization) => {
        const [greedy, wide] = [1, beam].map((width) => search(seed, { beam: width, lengthNormalization })[0]?.[0]?.score ?? 0);
        expect(wide).toBeGreaterThanOrEqual(greedy as number);
      }),
      { numRuns: 300 },
    );
  });

  it("a source gets the answers that it gets alone, whatever the others", () => {
    fc.assert(
      fc.property(
        fc.nat(1e6),
        fc.uniqueArray(fc.nat(50), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        (seed, sources, beam) => {
          const strip = (all: ReturnType<typeof search>) =>
            all.map((own) => own.map(({ tokens, score, ended }) => ({ tokens, score, ended })));
          const together = strip(search(seed, { beam, nBest: beam }, sources));
          expect(together).toEqual(sources.flatMap((source) => strip(search(seed, { beam, nBest: beam }, [source]))));
        },
      ),
    );
  });

  it("never writes so many tokens in a row twice", () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.constantFrom(1, 2, 3), fc.integer({ min: 1, max: 4 }), (seed, noRepeatNgram, beam) => {
        const [{ tokens } = { tokens: [] }] = search(seed, { beam, noRepeatNgram, maxLength: 12 })[0] ?? [];
        const grams = tokens.slice(noRepeatNgram - 1).map((_, first) => tokens.slice(first, first + noRepeatNgram).join(" "));
        expect(new Set(grams).size).toBe(grams.length);
      }),
    );
  });

  it("of equally likely tokens it takes the lower, and never a banned one", () => {
    const even = { next: (tokens: Int32Array) => new Float32Array(tokens.length * 3) };
    const options = { start: 2, end: 2, maxLength: 3 };
    expect(beamSearch(even, 1, options)[0]?.[0]).toMatchObject({ tokens: [0, 0, 0], ended: false });
    expect(beamSearch(even, 1, { ...options, banned: [0] })[0]?.[0]?.tokens).toEqual([1, 1, 1]);
    const wide = beamSearch(even, 1, { ...options, beam: 3, nBest: 3, lengthNormalization: 0 });
    expect(wide[0]?.[0]).toMatchObject({ tokens: [], ended: true });
  });

  it("each source has its own length, and the origin of each token is told", () => {
    const constant = {
      next: (tokens: Int32Array) => Float32Array.from({ length: tokens.length * 2 }, (_, at) => (at % 2 === 1 ? 1 : -1)),
    };
    const [short, long] = beamSearch(constant, 2, { start: 0, end: 0, maxLength: [1, 3] });
    expect(short?.[0]?.tokens).toEqual([1]);
    expect(long?.[0]?.tokens).toEqual([1, 1, 1]);
    expect(long?.[0]?.origins).toEqual([
      { step: 0, row: 1 },
      { step: 1, row: 0 },
      { step: 2, row: 0 },
    ]);
  });

  it("tells what was chosen so far, step by step", () => {
    const own = new BeamSearch(steps(5, [0]), 1, { start: START, end: END, maxLength: LONGEST });
    const seen: number[][] = [];
    while (!own.isDone) {
      own.advance();
      seen.push(own.soFar(0)?.tokens ?? []);
    }
    const answer = own.hypotheses[0]?.[0]?.tokens ?? [];
    for (const tokens of seen) expect(answer.slice(0, tokens.length)).toEqual(tokens);
    expect(seen.at(-1)).toEqual(answer);
  });

  it.each<[Partial<BeamSearchOptions>, RegExp]>([
    [{ beam: 0 }, /`beam` must be a whole number of at least 1, received 0/],
    [{ beam: 2, nBest: 3 }, /`nBest` must be at most beam, 2, received 3; set a wider beam/],
    [{ maxLength: 0 }, /`maxLength` must be a whole number of at least 1, received 0/],
    [{ lengthNormalization: -1 }, /`lengthNormalization` must be a finite number of at least 0, received -1/],
    [{ noRepeatNgram: 1.5 }, /`noRepeatNgram` must be a whole number of at least 0, received 1.5/],
    [{ width: 3 } as never, /there is no option `width`/],
  ])("refuses %j", (options, message) => {
    expect(() => search(1, options)).toThrow(message);
  });

  it("names a logit that is no number, and says where no token is possible", () => {
    const of =
      (...logits: number[]) =>
      () =>
        beamSearch({ next: () => Float32Array.from(logits) }, 1, { start: 0, end: 0, maxLength: 2 });
    expect(of(0, Number.NaN, 0)).toThrow(/the logit of token 1 is NaN/);
    expect(of(0, 0, Number.POSITIVE_INFINITY)).toThrow(/the logit of token 2 is Infinity/);
    expect(of(Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY)).toThrow(/all logits of a step are -Infinity/);
    expect(of(Number.NEGATIVE_INFINITY, 0)()[0]?.[0]?.tokens).toEqual([1, 1]);
  });
});
