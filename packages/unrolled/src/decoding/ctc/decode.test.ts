import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ctcLoss } from "../../autograd/ops/ctc.js";
import { softmax } from "../../autograd/ops/softmax.js";
import { exhaustiveProbabilities, tinyLogits } from "../../autograd/testing/ctc-alignments.js";
import { filled } from "../../autograd/testing/gradients.js";
import { withEngine } from "../../engine/current.js";
import { referenceEngine } from "../../engine/reference-engine.js";
import { engines } from "../../engine/testing/engines.js";
import { tensor } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type CtcHypothesis, ctcBeamDecode } from "./beam.js";
import { ctcGreedyDecode } from "./greedy.js";

const exact = referenceEngine("float64");
/** More than any of the tiny problems has labellings. */
const WIDE = 1024;

/** Logits [1, time, classes] whose most probable class at each step is the given one. */
function following(path: readonly number[], classes: number): Tensor {
  return tensor([path.map((best) => Array.from({ length: classes }, (_, c) => (c === best ? 2 : c / 10)))]);
}

function beamDecode(logits: Tensor, options: Parameters<typeof ctcBeamDecode>[1] = {}): CtcHypothesis[] {
  return withEngine(exact, () => ctcBeamDecode(logits, options))[0] as CtcHypothesis[];
}

/**
 * Prefix beam search with blank 0 as in Hannun et al. 2014, algorithm 1, without a language model: labels joined with commas are
 * keys.
 */
function publishedBeamSearch(logits: Tensor, beamWidth: number): { labels: string; logProbability: number }[] {
  const [, time, classes] = logits.shape as [number, number, number];
  const probabilities = withEngine(exact, () => softmax(logits)).data;
  const total = ({ blank, label }: { blank: number; label: number }) => blank + label;
  let beam = new Map([["", { blank: 1, label: 0 }]]);
  for (let t = 0; t < time; t++) {
    const next = new Map<string, { blank: number; label: number }>();
    const entry = (labels: string) => {
      const known = next.get(labels) ?? { blank: 0, label: 0 };
      next.set(labels, known);
      return known;
    };
    for (const [labels, before] of beam) {
      for (let c = 0; c < classes; c++) {
        const p = probabilities[t * classes + c] as number;
        const repeats = labels.split(",").at(-1) === String(c);
        if (c === 0) entry(labels).blank += p * total(before);
        else entry(labels === "" ? `${c}` : `${labels},${c}`).label += p * (repeats ? before.blank : total(before));
        if (repeats) entry(labels).label += p * before.label;
      }
    }
    beam = new Map([...next].sort(([, a], [, b]) => total(b) - total(a)).slice(0, beamWidth));
  }
  return [...beam].map(([labels, probability]) => ({ labels, logProbability: Math.log(total(probability)) }));
}

describe("ctcGreedyDecode", () => {
  it.each([
    { path: [0, 1, 1, 0, 1, 2, 2, 0], blank: 0, labels: [1, 1, 2] },
    { path: [1, 1, 1], blank: 0, labels: [1] },
    { path: [0, 0], blank: 0, labels: [] },
    { path: [2, 0, 0, 2, 1, 2], blank: 2, labels: [0, 1] },
    { path: [2, 1, 2, 1], blank: 0, labels: [2, 1, 2, 1] },
  ])("reads the path $path with blank $blank as $labels", ({ path, blank, labels }) => {
    expect(ctcGreedyDecode(following(path, 3), { blank })).toEqual([labels]);
  });

  it("takes the lowest of several most probable classes", () => {
    expect(ctcGreedyDecode(tensor([[[0, 3, 3]]]))).toEqual([[1]]);
  });
});

describe("ctcBeamDecode", () => {
  it("with a wide beam finds every labelling, the most probable first, with the probability of all its alignments", () => {
    fc.assert(
      fc.property(tinyLogits, ({ logits, blank }) => {
        const found = beamDecode(logits, { blank, beamWidth: WIDE, nBest: WIDE });
        const expected = exhaustiveProbabilities(logits, blank);
        expect(new Set(found.map(({ labels }) => labels.join()))).toEqual(new Set(expected.keys()));
        expect(found.length).toBe(expected.size);
        for (const [place, { labels, logProbability }] of found.entries()) {
          expect(logProbability).toBeCloseTo(Math.log(expected.get(labels.join()) as number), 9);
          expect(logProbability).toBeLessThanOrEqual(found[place - 1]?.logProbability ?? 0);
        }
      }),
    );
  });

  it("whatever the beam, gives at most nBest distinct labellings in falling order, none better than the true probability", () => {
    fc.assert(
      fc.property(tinyLogits, fc.integer({ min: 1, max: 6 }), fc.nat(), ({ logits, blank }, beamWidth, seed) => {
        const nBest = 1 + (seed % beamWidth);
        const found = beamDecode(logits, { blank, beamWidth, nBest });
        const all = exhaustiveProbabilities(logits, blank);
        expect(found.length).toBeGreaterThan(0);
        expect(found.length).toBeLessThanOrEqual(nBest);
        expect(new Set(found.map(({ labels }) => labels.join())).size).toBe(found.length);
        for (const [place, { labels, logProbability }] of found.entries()) {
          expect(Math.exp(logProbability)).toBeLessThanOrEqual((all.get(labels.join()) ?? 0) + 1e-12);
          expect(logProbability).toBeLessThanOrEqual(found[place - 1]?.logProbability ?? 0);
        }
        expect(beamDecode(logits, { blank, beamWidth })).toEqual(found.slice(0, 1));
      }),
    );
  });

  it("gives as log-probability the negative loss of its labels", () => {
    const logits = filled([1, 5, 4]);
    for (const { labels, logProbability } of beamDecode(logits, { beamWidth: WIDE, nBest: 20 })) {
      expect(logProbability).toBeCloseTo(-withEngine(exact, () => ctcLoss(logits, [labels]).item()), 9);
    }
  });

  it("finds labels whose alignments together beat the most probable single one, which the greedy decoder follows", () => {
    // blank 0.6, label 0.4 twice: one alignment of nothing at 0.36, three of the label at 0.64
    const logits = tensor([
      [
        [Math.log(0.6), Math.log(0.4)],
        [Math.log(0.6), Math.log(0.4)],
      ],
    ]);
    expect(ctcGreedyDecode(logits)).toEqual([[]]);
    const [best, second] = beamDecode(logits, { beamWidth: 2, nBest: 2 }) as [CtcHypothesis, CtcHypothesis];
    expect([best.labels, second.labels]).toEqual([[1], []]);
    expect(best.logProbability).toBeCloseTo(Math.log(0.64), 6);
    expect(second.logProbability).toBeCloseTo(Math.log(0.36), 6);
  });

  it("keeps the beam that the algorithm as published keeps, also where beginnings fall out of it and come back", () => {
    const sizes = { time: 12, classes: 3 };
    const problem = fc.record({
      values: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 36, maxLength: 36 }),
      beamWidth: fc.integer({ min: 2, max: 5 }),
    });
    fc.assert(
      fc.property(problem, ({ values, beamWidth }) => {
        // a little of its own for each number, so that no two candidates are equally probable
        const logits = tensor(
          Float64Array.from(values, (value, at) => value + Math.sin(at) / 10),
          [1, sizes.time, sizes.classes],
        );
        const expected = publishedBeamSearch(logits, beamWidth);
        const found = beamDecode(logits, { beamWidth, nBest: beamWidth });
        expect(found.map(({ labels }) => labels.join())).toEqual(expected.map(({ labels }) => labels));
        found.forEach(({ logProbability }, place) => {
          expect(logProbability).toBeCloseTo(expected[place]?.logProbability as number, 9);
        });
      }),
    );
  });

  it("follows one beginning where the beam is 1 wide, sixteen by default", () => {
    const logits = filled([1, 8, 5]);
    expect(beamDecode(logits)).toEqual(beamDecode(logits, { beamWidth: 16, nBest: 1 }));
    expect(beamDecode(logits, { beamWidth: 1 })).toHaveLength(1);
  });
});

describe.each([
  { name: "ctcGreedyDecode", decode: (logits: Tensor, options?: object) => ctcGreedyDecode(logits, options) },
  {
    name: "ctcBeamDecode",
    decode: (logits: Tensor, options?: object) => ctcBeamDecode(logits, options).map(([best]) => best?.labels),
  },
])("$name", ({ name, decode }) => {
  it.each(engines)("$name engine: reads each sequence of a batch as if alone, to its own length", ({ create }) => {
    withEngine(create(), () => {
      const steps = [following([1, 0, 1, 2], 3), following([2, 2, 0, 1], 3)].flatMap(({ data }) => Array.from(data));
      const logits = tensor(Float32Array.from(steps), [2, 4, 3]);
      expect(decode(logits)).toEqual([
        [1, 1, 2],
        [2, 1],
      ]);
      expect(decode(logits, { inputLengths: [3, 2] })).toEqual([[1, 1], [2]]);
      logits.data.fill(Number.NaN, 12 + 6);
      expect(decode(logits, { inputLengths: Int32Array.of(4, 2) })).toEqual([[1, 1, 2], [2]]);
    });
  });

  it("never gives a class of probability 0", () => {
    const logits = filled([1, 6, 4]);
    const without = tensor(
      logits.data.map((value, at) => (at % 4 === 2 ? Number.NEGATIVE_INFINITY : value)),
      [1, 6, 4],
    );
    expect(decode(without).flat()).not.toContain(2);
  });

  it.each([
    { values: [0, Number.NaN], what: "NaN" },
    { values: [0, Number.POSITIVE_INFINITY], what: "∞" },
    { values: [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY], what: "−∞ alone" },
  ])("refuses a step with $what, and says which", ({ values }) => {
    const message = `${name}: \`logits\` of sequence 0 at step 1 must give probabilities, received NaN or ∞ among them, or nothing but −∞.`;
    expect(() => decode(tensor([[[0, 1], values]]))).toThrow(expect.objectContaining({ code: "UNROLLED_NOT_FINITE", message }));
  });

  it.each([
    { shape: [4, 3], options: {}, code: "UNROLLED_SHAPE", text: "`logits` must be [batch, time, classes]" },
    { shape: [1, 4, 3], options: { inputLengths: [5] }, code: "UNROLLED_SHAPE", text: "`inputLengths` must be" },
    { shape: [1, 4, 3], options: { blank: 3 }, code: "UNROLLED_INDEX", text: "`blank` must be a class" },
    { shape: [1, 4, 3], options: { lengths: [4] }, code: "UNROLLED_VALUE", text: "there is no option `lengths`" },
  ])("refuses $shape with $options", ({ shape, options, code, text }) => {
    expect(() => decode(filled(shape), options)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`${name}: ${text}`) }),
    );
  });
});

describe("ctcBeamDecode, wrong options", () => {
  it.each([
    { options: { beamWidth: 0 }, text: "`beamWidth` must be a whole number of at least 1, received 0." },
    { options: { nBest: 1.5 }, text: "`nBest` must be a whole number of at least 1, received 1.5." },
    { options: { beamWidth: 2, nBest: 3 }, text: "`nBest` must be at most beamWidth, 2, received 3; set a wider beam." },
  ])("refuses $options", ({ options, text }) => {
    const message = `ctcBeamDecode: ${text}`;
    expect(() => beamDecode(filled([1, 2, 3]), options)).toThrow(expect.objectContaining({ code: "UNROLLED_VALUE", message }));
  });
});
