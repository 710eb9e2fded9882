import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ContiguousBatch, contiguousBatches } from "./contiguous-batches.js";

/** 0, 1, 2 …: each index is its own position. */
const positions = (length: number) => Int32Array.from({ length }, (_, position) => position);

const cases = fc.record({
  length: fc.integer({ min: 2, max: 300 }),
  batchSize: fc.integer({ min: 1, max: 12 }),
  sequenceLength: fc.integer({ min: 1, max: 40 }),
});

/** What one stream reads, or predicts, over all batches. */
function streamOf(batches: readonly ContiguousBatch[], stream: number, field: "x" | "y"): number[] {
  return batches.flatMap((batch) => {
    const time = batch[field].shape[1] ?? 0;
    return [...batch[field].data.slice(stream * time, (stream + 1) * time)];
  });
}

describe("contiguousBatches", () => {
  it("lays streams side by side and goes on in each from batch to batch", () => {
    const batches = contiguousBatches(positions(12), { batchSize: 2, sequenceLength: 3 });
    expect(batches.map(({ x, y, continues }) => [x.toArray(), y.toArray(), continues])).toEqual([
      [
        [
          [0, 1, 2],
          [5, 6, 7],
        ],
        [
          [1, 2, 3],
          [6, 7, 8],
        ],
        false,
      ],
      [
        [
          [3, 4],
          [8, 9],
        ],
        [
          [4, 5],
          [9, 10],
        ],
        true,
      ],
    ]);
  });

  it("makes every index but the first a target exactly once, but for fewer than batchSize at the very end", () => {
    fc.assert(
      fc.property(cases, ({ length, ...options }) => {
        const batches = contiguousBatches(positions(length), options);
        const targets = batches.flatMap(({ y }) => [...y.data]).sort((a, b) => a - b);
        expect(targets).toEqual([...positions(targets.length)].map((position) => position + 1));
        expect(length - 1 - targets.length).toBeLessThan(options.batchSize);
      }),
    );
  });

  it("gives each stream a stretch in the text's order, whose target is always the next index", () => {
    fc.assert(
      fc.property(cases, ({ length, ...options }) => {
        const batches = contiguousBatches(positions(length), options);
        const streams = batches[0]?.x.shape[0] ?? 0;
        for (let stream = 0; stream < streams; stream++) {
          const read = streamOf(batches, stream, "x");
          expect(read).toEqual(read.map((_, step) => (read[0] ?? 0) + step));
          expect(streamOf(batches, stream, "y")).toEqual(read.map((index) => index + 1));
        }
      }),
    );
  });

  it("says of every batch but the first that it continues, and keeps its number of streams", () => {
    fc.assert(
      fc.property(cases, ({ length, ...options }) => {
        const batches = contiguousBatches(positions(length), options);
        const streams = batches[0]?.x.shape[0] ?? 0;
        expect(streams).toBeLessThanOrEqual(options.batchSize);
        for (const [index, { x, y, continues }] of batches.entries()) {
          const last = index === batches.length - 1;
          expect(continues).toBe(index > 0);
          expect(x.shape).toEqual([streams, last ? x.shape[1] : options.sequenceLength]);
          expect(x.shape[1]).toBeLessThanOrEqual(options.sequenceLength);
          expect(y.shape).toEqual(x.shape);
        }
      }),
    );
  });

  it("takes as many streams as there are whole sequences, up to batchSize", () => {
    const streams = (length: number) => contiguousBatches(positions(length), { batchSize: 4, sequenceLength: 10 })[0]?.x.shape[0];
    expect([2, 20, 21, 40, 41, 1000].map(streams)).toEqual([1, 1, 2, 3, 4, 4]);
  });

  it("reads a text shorter than one sequence as one short stream", () => {
    const batches = contiguousBatches(positions(4), { batchSize: 8, sequenceLength: 100 });
    expect(batches.map(({ x, y }) => [x.toArray(), y.toArray()])).toEqual([[[[0, 1, 2]], [[1, 2, 3]]]]);
  });

  it.each([0, 1])("refuses %i indices, of which none has a target", (length) => {
    expect(() => contiguousBatches(positions(length), { batchSize: 2, sequenceLength: 3 })).toThrow(
      expect.objectContaining({
        code: "UNROLLED_DATA",
        message: `text: at least 2 characters are needed, received ${length}.`,
      }),
    );
  });
});
