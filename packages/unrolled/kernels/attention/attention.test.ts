import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, runKernel } from "../testing/run-kernel.js";

/** Three rows over a memory of seven places, two of which share places. */
const STARTS = Int32Array.of(1, 0, 5);
const LENGTHS = Int32Array.of(5, 1, 2);
const ROWS = STARTS.length;
const PLACES = 7;
const STRIDE = 6;
const SIZES = [1, 3, 4, 7, 8, 17, 35];
const places = { starts: STARTS, lengths: LENGTHS };

describe.each(engines)("attention, $name engine", ({ create }) => {
  const engine = create();

  it("attentionDot and its derivative: as in float64 to 1e-5", () => {
    for (const depth of SIZES) {
      const blocks = {
        ...places,
        q: numbers(ROWS * depth, 1),
        keys: numbers(PLACES * depth, 2),
        scores: numbers(ROWS * STRIDE, 3),
        dScores: numbers(ROWS * STRIDE, 4),
        dq: numbers(ROWS * depth, 5),
        dKeys: numbers(PLACES * depth, 6),
      };
      const difference = differenceFromReference(engine, blocks, (kernels, a) => {
        kernels.attentionDot(ROWS, depth, a.q, a.keys, a.starts, a.lengths, a.scores, STRIDE);
        kernels.attentionDotBackward(ROWS, depth, a.q, a.keys, a.starts, a.lengths, a.dScores, STRIDE, a.dq, a.dKeys);
      });
      expect(difference, `depth ${depth}`).toBeLessThan(1e-5);
    }
  });

  it("attentionAdditive and its derivative: as in float64 to 1e-5", () => {
    for (const depth of SIZES) {
      const blocks = {
        ...places,
        q: numbers(ROWS * depth, 1),
        keys: numbers(PLACES * depth, 2),
        v: numbers(depth, 7),
        scores: numbers(ROWS * STRIDE, 3),
        dScores: numbers(ROWS * STRIDE, 4),
        dq: numbers(ROWS * depth, 5),
        dKeys: numbers(PLACES * depth, 6),
        dv: numbers(ROWS * depth, 8),
        scratch: () => ROWS * depth,
      };
      const difference = differenceFromReference(engine, blocks, (kernels, a) => {
        const { q, keys, v, starts, lengths, scores, dScores, dq, dKeys, dv, scratch } = a;
        kernels.attentionAdditive(ROWS, depth, q, keys, v, starts, lengths, scores, STRIDE, scratch);
        kernels.attentionAdditiveBackward(
          ...([ROWS, depth, q, keys, v, starts, lengths, dScores, STRIDE, dq, dKeys, dv, scratch] as const),
        );
      });
      expect(difference, `depth ${depth}`).toBeLessThan(1e-5);
    }
  });

  it("attentionRead and its derivative: as in float64 to 1e-5", () => {
    for (const width of SIZES) {
      const blocks = {
        ...places,
        values: numbers(PLACES * width, 1),
        weights: numbers(ROWS * STRIDE, 2),
        context: numbers(ROWS * width, 3),
        dContext: numbers(ROWS * width, 4),
        dScores: numbers(ROWS * STRIDE, 5),
        dValues: numbers(PLACES * width, 6),
      };
      const difference = differenceFromReference(engine, blocks, (kernels, a) => {
        const { values, starts, lengths, weights, context, dContext, dScores, dValues } = a;
        kernels.attentionRead(ROWS, width, values, starts, lengths, weights, STRIDE, context);
        kernels.attentionReadBackward(
          ...([ROWS, width, values, starts, lengths, weights, STRIDE, dContext, dScores, dValues] as const),
        );
      });
      expect(difference, `width ${width}`).toBeLessThan(1e-5);
    }
  });

  it("attentionRead: the weights of a row sum to 1, scores of ±10000 neither overflow nor give NaN, and others stay", () => {
    const scores = Float32Array.of(1e4, -1e4, 0, 1e4, -1e4, 7, -1e4, 7, 7, 7, 7, 7, -1e4, -1e4, 7, 7, 7, 7);
    const blocks = { ...places, values: numbers(PLACES * 2), weights: scores, context: numbers(ROWS * 2) };
    const { after } = runKernel(engine, blocks, (kernels, a) =>
      kernels.attentionRead(ROWS, 2, a.values, a.starts, a.lengths, a.weights, STRIDE, a.context),
    );
    expect(after.weights).toEqual([0.5, 0, 0, 0.5, 0, 7, 1, 7, 7, 7, 7, 7, 0.5, 0.5, 7, 7, 7, 7]);
  });

  it("the derivatives by keys and values are left out where there is no place for them", () => {
    const blocks = { ...places, q: numbers(ROWS, 1), keys: numbers(PLACES, 2), d: numbers(ROWS * STRIDE), dq: numbers(ROWS, 3) };
    const { after } = runKernel(engine, blocks, (kernels, a) => {
      kernels.attentionDotBackward(ROWS, 1, a.q, a.keys, a.starts, a.lengths, a.d, STRIDE, a.dq, 0);
      kernels.attentionReadBackward(ROWS, 1, a.keys, a.starts, a.lengths, a.d, STRIDE, a.q, a.d, 0);
    });
    expect(after.keys).toEqual(Array.from(blocks.keys));
  });
});
