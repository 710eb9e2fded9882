import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bestSequence, type FieldScores, scoredSequences } from "../../autograd/testing/tag-sequences.js";
import { withEngine } from "../../engine/current.js";
import { referenceEngine } from "../../engine/reference-engine.js";
import { engines } from "../../engine/testing/engines.js";
import { crf } from "../../layers/crf.js";
import { tensor } from "../../tensor/create.js";
import { crfDecode } from "./decode.js";

const exact = referenceEngine("float64");

const doubles = (count: number) => fc.array(fc.double({ min: -6, max: 6, noNaN: true }), { minLength: count, maxLength: count });
const problem = fc
  .record({ time: fc.integer({ min: 1, max: 5 }), tags: fc.integer({ min: 1, max: 4 }) })
  .chain(({ time, tags }) =>
    fc.record({
      emissions: doubles(time * tags).map((values) => tensor(Float64Array.from(values), [time, tags])),
      transitions: doubles(tags * tags).map((values) => tensor(Float64Array.from(values), [tags, tags])),
      starts: doubles(tags).map((values) => tensor(Float64Array.from(values), [tags])),
      ends: doubles(tags).map((values) => tensor(Float64Array.from(values), [tags])),
    }),
  );

function scoreOf(scores: FieldScores, tags: readonly number[]): number {
  return Array.from(scoredSequences(scores)).find(([own]) => own.join() === tags.join())?.[1] ?? Number.NaN;
}

describe("crfDecode", () => {
  it("finds the best of all sequences of tags", () => {
    fc.assert(
      fc.property(problem, (scores) => {
        const { emissions, transitions, starts, ends } = scores;
        const [time, tags] = emissions.shape as [number, number];
        const found = withEngine(exact, () => {
          const field = crf({ inputSize: tags });
          field.loadStateDict({ transitions, start_transitions: starts, end_transitions: ends });
          return crfDecode(field, tensor(emissions.data, [1, time, tags]));
        });
        expect(found[0]?.length).toBe(time);
        // there may be several
        expect(scoreOf(scores, found[0] ?? [])).toBeCloseTo(scoreOf(scores, bestSequence(scores)), 9);
      }),
    );
  });

  it.each(engines)(
    "$name engine: reads each sequence of a batch as if alone, to its own length, in the batch's order",
    ({ create }) => {
      withEngine(create(), () => {
        const field = crf({ inputSize: 2 });
        // a tag that stays costs nothing, one that changes 3
        field.loadStateDict({
          transitions: tensor([
            [0, -3],
            [-3, 0],
          ]),
          start_transitions: tensor([0, 0]),
          end_transitions: tensor([0, 0]),
        });
        const towards = (strength: number) => [0, strength];
        const steps = [
          [towards(1), towards(Number.NaN), towards(0), towards(0)],
          [towards(2), towards(-1), towards(2), towards(-1)],
          [towards(-9), towards(9), towards(9), towards(Number.NaN)],
        ];
        expect(crfDecode(field, tensor(steps), { lengths: [1, 4, 3] })).toEqual([[1], [1, 1, 1, 1], [0, 1, 1]]);
      });
    },
  );

  it("refuses emissions of other tags, lengths that don't fit, and unknown options", () => {
    const field = crf({ inputSize: 2 });
    expect(() => crfDecode(field, [[[1, 2, 3]]])).toThrow(
      expect.objectContaining({
        code: "UNROLLED_SHAPE",
        message: "crfDecode: `x` must be [batch, time, 2], received [1, 1, 3]; set inputSize: 3 or feed 2 features.",
      }),
    );
    expect(() => crfDecode(field, [[[1, 2]]], { lengths: [2] })).toThrow(expect.objectContaining({ code: "UNROLLED_SHAPE" }));
    expect(() => crfDecode(field, [[[1, 2]]], { beam: 2 } as object)).toThrow(
      expect.objectContaining({ code: "UNROLLED_VALUE" }),
    );
  });
});
