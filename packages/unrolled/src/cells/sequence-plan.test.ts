import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SequencePlan } from "./sequence-plan.js";

/** Lengths of a batch, and the steps of the tensor that holds it. */
const batches = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 9 }), fc.integer({ min: 0, max: 2 }))
  .map(([lengths, padding]) => ({ lengths, time: Math.max(...lengths) + padding }));

/** Which sequence, and which step of it, each row is. */
function rowsOf(plan: SequencePlan): [sequence: number, step: number][] {
  return Array.from(plan.source, (position) => [Math.floor(position / plan.time), position % plan.time]);
}

describe("a plan of sequences", () => {
  it("of lengths 2, 4, 1 begins with the longest, and has the running ones of each step side by side", () => {
    const plan = SequencePlan.of("test", [2, 4, 1], 3, 5);
    expect(plan).toMatchObject({ batch: 3, time: 5, steps: 4, rows: 7 });
    expect([...plan.sizes]).toEqual([3, 2, 1, 1]);
    expect([...plan.offsets]).toEqual([0, 3, 5, 6]);
    expect([...plan.lengths]).toEqual([4, 2, 1]);
    expect([...(plan.order ?? [])]).toEqual([1, 0, 2]);
    expect(rowsOf(plan)).toEqual([
      ...[
        [1, 0],
        [0, 0],
        [2, 0],
      ],
      ...[
        [1, 1],
        [0, 1],
      ],
      [1, 2],
      [1, 3],
    ]);
  });

  it("has a row for each step of each sequence, and none for padding", () => {
    fc.assert(
      fc.property(batches, ({ lengths, time }) => {
        const plan = SequencePlan.of("test", lengths, lengths.length, time);
        const all = lengths.flatMap((length, sequence) => Array.from({ length }, (_, step) => sequence * time + step));
        expect([...plan.source].sort((a, b) => a - b)).toEqual(all);
        expect(plan.rows).toBe(all.length);
      }),
    );
  });

  it("keeps a sequence at its place from step to step", () => {
    fc.assert(
      fc.property(batches, ({ lengths, time }) => {
        const plan = SequencePlan.of("test", lengths, lengths.length, time);
        const rows = rowsOf(plan);
        for (let t = 0; t < plan.steps; t++) {
          for (let place = 0; place < (plan.sizes[t] ?? 0); place++) {
            expect(rows[(plan.offsets[t] ?? 0) + place]).toEqual([plan.order?.[place] ?? place, t]);
          }
        }
      }),
    );
  });

  it("leaves sequences of one length in their order", () => {
    const plan = SequencePlan.of("test", [3, 5, 3, 5, 5], 5, 5);
    expect([...(plan.order ?? [])]).toEqual([1, 3, 4, 0, 2]);
  });

  it("mirrors each row to the one as far from the sequence's end as it is from the beginning", () => {
    fc.assert(
      fc.property(batches, ({ lengths, time }) => {
        const plan = SequencePlan.of("test", lengths, lengths.length, time);
        const rows = rowsOf(plan);
        const expected = rows.map(([sequence, step]) => [sequence, (lengths[sequence] ?? 0) - 1 - step]);
        expect(Array.from(plan.mirrored, (row) => rows[row])).toEqual(expected);
      }),
    );
  });

  it("knows where each sequence from outside stands", () => {
    fc.assert(
      fc.property(batches, ({ lengths, time }) => {
        const { order, places } = SequencePlan.of("test", lengths, lengths.length, time);
        expect(lengths.map((_, sequence) => order?.[places?.[sequence] ?? -1])).toEqual(
          order ? lengths.map((_, sequence) => sequence) : lengths.map(() => undefined),
        );
      }),
    );
  });

  it("of lengths that are all of the tensor's steps is that of none", () => {
    const uniform = SequencePlan.uniform(3, 4);
    expect(SequencePlan.of("test", [4, 4, 4], 3, 4)).toEqual(uniform);
    expect(uniform).toMatchObject({ batch: 3, time: 4, steps: 4, rows: 12, order: undefined, places: undefined });
    expect(SequencePlan.of("test", [3, 3, 3], 3, 4)).toMatchObject({ steps: 3, rows: 9 });
  });
});
