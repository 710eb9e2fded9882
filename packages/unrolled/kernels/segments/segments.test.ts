import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS, runKernel } from "../testing/run-kernel.js";

/** Rows of three sequences of lengths 4, 1 and 2, packed by time: none of them lies together. */
const SEGMENTS = Int32Array.of(2, 0, 1, 2, 0, 2, 2);
const ROWS = SEGMENTS.length;
const COUNT = 3;

describe.each(engines)("segments, $name engine", ({ create }) => {
  const engine = create();

  it("segmentSum: adds every row, times its weight, to its segment's", () => {
    for (const columns of LENGTHS) {
      const blocks = {
        x: numbers(ROWS * columns, 1),
        weights: numbers(ROWS, 2),
        segments: SEGMENTS,
        y: numbers(COUNT * columns, 3),
      };
      const { after } = runKernel(engine, blocks, (kernels, a) =>
        kernels.segmentSum(ROWS, columns, a.x, a.weights, a.segments, a.y),
      );
      const expected = Array.from(blocks.y, (value, at) => {
        const segment = Math.floor(at / columns);
        return SEGMENTS.reduce((sum, owner, row) => {
          const own =
            owner === segment ? (blocks.weights[row] as number) * (blocks.x[row * columns + (at % columns)] as number) : 0;
          return sum + own;
        }, value);
      });
      for (const [at, value] of expected.entries()) expect(after.y[at]).toBeCloseTo(value, 5);
    }
  });

  it("segmentSumBackward and segmentSumWeightGradient: as in float64 to 2e-6", () => {
    for (const columns of LENGTHS) {
      const blocks = {
        x: numbers(ROWS * columns, 1),
        weights: numbers(ROWS, 2),
        segments: SEGMENTS,
        dy: numbers(COUNT * columns, 3),
        dx: numbers(ROWS * columns, 4),
        dWeights: numbers(ROWS, 5),
      };
      const difference = differenceFromReference(engine, blocks, (kernels, a) => {
        kernels.segmentSumBackward(ROWS, columns, a.dy, a.weights, a.segments, a.dx);
        kernels.segmentSumWeightGradient(ROWS, columns, a.dy, a.x, a.segments, a.dWeights);
      });
      expect(difference, `${columns} columns`).toBeLessThan(2e-6);
    }
  });

  it("segmentMax: the largest of each segment and column and the first row that has it, and NaN before all", () => {
    const x = Float32Array.of(1, 5, -3, 9, -1, -2, 1, Number.NaN, -3, 8, 0, 7, 1, 2);
    const blocks = { x, segments: SEGMENTS, y: numbers(COUNT * 2), positions: new Int32Array(COUNT * 2).fill(5) };
    const { after } = runKernel(engine, blocks, (kernels, a) =>
      kernels.segmentMax(ROWS, 2, COUNT, a.x, a.segments, a.y, a.positions),
    );
    expect(after.y).toEqual([-3, 9, -1, -2, 1, Number.NaN]);
    expect(after.positions).toEqual([1, 1, 2, 2, 0, 3]);
  });

  it("segmentMaxBackward: adds a segment's gradient where its maximum was", () => {
    const blocks = { dy: numbers(6, 1), positions: Int32Array.of(1, 1, 2, 2, 0, 3), dx: numbers(ROWS * 2, 2) };
    const { after } = runKernel(engine, blocks, (kernels, a) => kernels.segmentMaxBackward(COUNT, 2, a.dy, a.positions, a.dx));
    const expected = Array.from(blocks.dx);
    for (const [from, to] of [2, 3, 4, 5, 0, 7].entries()) (expected[to] as number) += blocks.dy[from] as number;
    for (const [at, value] of expected.entries()) expect(after.dx[at]).toBeCloseTo(value, 6);
  });

  it("segmentSoftmax: as in float64 to 1e-6, and every segment sums to 1", () => {
    const blocks = {
      x: numbers(ROWS).map((value) => 5 * value),
      segments: SEGMENTS,
      y: numbers(ROWS, 2),
      scratch: () => COUNT,
    };
    const run = (kernels: typeof engine.kernels, a: Record<"x" | "segments" | "y" | "scratch", number>) =>
      kernels.segmentSoftmax(ROWS, COUNT, a.x, a.segments, a.y, a.scratch);
    expect(differenceFromReference(engine, blocks, run)).toBeLessThan(1e-6);
    const { after } = runKernel(engine, blocks, run);
    for (let segment = 0; segment < COUNT; segment++) {
      const total = after.y.reduce((sum, value, row) => sum + (SEGMENTS[row] === segment ? value : 0), 0);
      expect(total).toBeCloseTo(1, 6);
    }
  });

  it("segmentSoftmax: scores of ±10000 neither overflow nor give NaN", () => {
    const blocks = {
      x: Float32Array.of(1e4, -1e4, 0, 1e4, -1e4, -1e4, 0),
      segments: SEGMENTS,
      y: new Float32Array(ROWS),
      scratch: () => COUNT,
    };
    const { after } = runKernel(engine, blocks, (kernels, a) =>
      kernels.segmentSoftmax(ROWS, COUNT, a.x, a.segments, a.y, a.scratch),
    );
    expect(after.y).toEqual([0.5, 0.5, 1, 0.5, 0.5, 0, 0]);
  });

  it("segmentSoftmaxBackward: adds y⊙(dy − Σ dy⊙y), segment by segment", () => {
    const blocks = {
      y: numbers(ROWS, 1).map(Math.abs),
      dy: numbers(ROWS, 2),
      segments: SEGMENTS,
      dx: numbers(ROWS, 3),
      scratch: () => COUNT,
    };
    const difference = differenceFromReference(engine, blocks, (kernels, a) =>
      kernels.segmentSoftmaxBackward(ROWS, COUNT, a.y, a.dy, a.segments, a.dx, a.scratch),
    );
    expect(difference).toBeLessThan(2e-6);
  });
});
