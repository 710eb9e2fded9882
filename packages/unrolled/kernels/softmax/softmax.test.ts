import { describe, expect, it } from "vitest";
import { engines, wasmEngines } from "../../src/engine/testing/engines.js";
import { numbers, positiveNumbers } from "../testing/numbers.js";
import { differenceFromReference, runKernel } from "../testing/run-kernel.js";

const ROWS = [0, 1, 3];
const COLUMNS = [1, 2, 3, 4, 5, 8, 17, 65, 301];

/** Logits over a wide range, so that some probabilities vanish. */
function logits(length: number): Float32Array {
  return numbers(length).map((value) => 5 * value);
}

function eachSize(check: (rows: number, columns: number) => void): void {
  for (const rows of ROWS) for (const columns of COLUMNS) check(rows, columns);
}

describe.each(engines)("softmax, $name engine", ({ create }) => {
  const engine = create();

  it("softmax: as in float64 to 1e-6, and every row sums to 1", () => {
    eachSize((rows, columns) => {
      const blocks = { x: logits(rows * columns), y: numbers(rows * columns, 2) };
      const difference = differenceFromReference(engine, blocks, (kernels, { x, y }) => kernels.softmax(rows, columns, x, y));
      expect(difference, `[${rows}, ${columns}]`).toBeLessThan(1e-6);
      const { after } = runKernel(engine, blocks, (kernels, { x, y }) => kernels.softmax(rows, columns, x, y));
      for (let row = 0; row < rows; row++) {
        const total = after.y.slice(row * columns, (row + 1) * columns).reduce((sum, value) => sum + value, 0);
        expect(total).toBeCloseTo(1, 5);
      }
    });
  });

  it("logSoftmax: as in float64 to 1e-6 relative", () => {
    eachSize((rows, columns) => {
      const blocks = { x: logits(rows * columns), y: numbers(rows * columns, 2) };
      const difference = differenceFromReference(engine, blocks, (kernels, { x, y }) => kernels.logSoftmax(rows, columns, x, y));
      expect(difference, `[${rows}, ${columns}]`).toBeLessThan(1e-6);
    });
  });

  it("softmaxCrossEntropy: losses and gradients as in float64 to 1e-6", () => {
    eachSize((rows, columns) => {
      const blocks = {
        logits: logits(rows * columns),
        targets: Int32Array.from({ length: rows }, (_, row) => (row * 7 + columns - 1) % columns),
        losses: numbers(rows, 2),
      };
      const difference = differenceFromReference(engine, blocks, (kernels, { logits, targets, losses }) =>
        kernels.softmaxCrossEntropy(rows, columns, 0.25, 0, logits, targets, 0, 0, losses),
      );
      expect(difference, `[${rows}, ${columns}]`).toBeLessThan(1e-6);
    });
  });

  it.each([0, 0.1])(
    "softmaxCrossEntropy: with class weights, weights and label smoothing %d as in float64 to 1e-6",
    (smoothing) => {
      eachSize((rows, columns) => {
        const blocks = {
          logits: logits(rows * columns),
          targets: Int32Array.from({ length: rows }, (_, row) => (row * 7 + columns - 1) % columns),
          classWeights: positiveNumbers(columns, 3),
          weights: positiveNumbers(rows, 4),
          losses: numbers(rows, 2),
        };
        const difference = differenceFromReference(
          engine,
          blocks,
          (kernels, { logits, targets, classWeights, weights, losses }) => {
            kernels.softmaxCrossEntropy(rows, columns, 0.25, smoothing, logits, targets, classWeights, weights, losses);
            return kernels.crossEntropyWeight(rows, targets, classWeights, weights);
          },
        );
        expect(difference, `[${rows}, ${columns}]`).toBeLessThan(2e-6);
      });
    },
  );

  it("softmaxCrossEntropy: a row of weight 0 gives 0 and no gradient, whatever its logits and target", () => {
    const blocks = {
      logits: Float32Array.of(Number.NaN, 1, Number.POSITIVE_INFINITY, 1, 1, 1),
      targets: Int32Array.of(-100, 1),
      weights: Float32Array.of(0, 2),
      losses: Float32Array.of(9, 9),
    };
    const { after, returned } = runKernel(engine, blocks, (kernels, { logits, targets, weights, losses }) => {
      kernels.softmaxCrossEntropy(2, 3, 1, 0, logits, targets, 0, weights, losses);
      return kernels.crossEntropyWeight(2, targets, 0, weights);
    });
    expect(after.logits.slice(0, 3)).toEqual([0, 0, 0]);
    expect(after.losses[0]).toBe(0);
    expect(after.losses[1]).toBeCloseTo(2 * Math.log(3), 5);
    expect(returned).toBe(2);
  });

  it("softmaxBackward: adds y⊙(dy − Σ dy⊙y)", () => {
    eachSize((rows, columns) => {
      const y = numbers(rows * columns, 1).map((value) => Math.abs(value) / columns);
      const blocks = { y, dy: numbers(rows * columns, 2), dx: numbers(rows * columns, 3) };
      const difference = differenceFromReference(engine, blocks, (kernels, addresses) =>
        kernels.softmaxBackward(rows, columns, addresses.y, addresses.dy, addresses.dx),
      );
      expect(difference, `[${rows}, ${columns}]`).toBeLessThan(1e-6);
    });
  });

  it("logSoftmaxBackward: adds dy − exp(y) Σ dy", () => {
    eachSize((rows, columns) => {
      const y = numbers(rows * columns, 1).map((value) => -2 - value);
      const blocks = { y, dy: numbers(rows * columns, 2), dx: numbers(rows * columns, 3) };
      const difference = differenceFromReference(engine, blocks, (kernels, addresses) =>
        kernels.logSoftmaxBackward(rows, columns, addresses.y, addresses.dy, addresses.dx),
      );
      expect(difference, `[${rows}, ${columns}]`).toBeLessThan(2e-6);
    });
  });

  it("softmax: logits of ±10000 neither overflow nor give NaN", () => {
    const blocks = { x: Float32Array.of(1e4, -1e4, 1e4, 0, -1e4), y: new Float32Array(5), z: new Float32Array(5) };
    const { after } = runKernel(engine, blocks, (kernels, { x, y, z }) => {
      kernels.softmax(1, 5, x, y);
      kernels.logSoftmax(1, 5, x, z);
    });
    expect(after.y).toEqual([0.5, 0, 0.5, 0, 0]);
    expect(after.z.map(Math.round)).toEqual([-1, -20001, -1, -10001, -20001]);
  });

  it("softmaxCrossEntropy: a logit of −∞ is a class without probability and gets no gradient", () => {
    const blocks = {
      logits: Float32Array.of(1, Number.NEGATIVE_INFINITY, 1),
      targets: Int32Array.of(2),
      losses: new Float32Array(1),
    };
    const { after } = runKernel(engine, blocks, (kernels, { logits, targets, losses }) =>
      kernels.softmaxCrossEntropy(1, 3, 1, 0, logits, targets, 0, 0, losses),
    );
    expect(after.logits).toEqual([0.5, 0, -0.5]);
    expect(after.losses[0]).toBeCloseTo(Math.log(2), 6);
  });

  it("softmax: a NaN among the logits makes its row NaN, and no other row", () => {
    const blocks = { x: Float32Array.of(1, 2, Number.NaN, 4, 5, ...[1, 1, 1, 1, 1]), y: new Float32Array(10) };
    const { after } = runKernel(engine, blocks, (kernels, { x, y }) => kernels.softmax(2, 5, x, y));
    expect(after.y).toEqual([...Array(5).fill(Number.NaN), ...Array(5).fill(Math.fround(0.2))]);
  });
});

describe.each(wasmEngines)("softmax, $name build", ({ create }) => {
  const engine = create();

  it("softmaxCrossEntropy: a row has the same bits whether computed alone or among others", () => {
    const [rows, columns] = [6, 13];
    const blocks = {
      logits: logits(rows * columns),
      targets: Int32Array.from({ length: rows }, (_, row) => (row * 5) % columns),
      losses: new Float32Array(rows),
    };
    const whole = runKernel(engine, blocks, (kernels, { logits, targets, losses }) =>
      kernels.softmaxCrossEntropy(rows, columns, 0.5, 0, logits, targets, 0, 0, losses),
    );
    const alone = runKernel(engine, blocks, (kernels, { logits, targets, losses }) => {
      for (let row = 0; row < rows; row++) {
        kernels.softmaxCrossEntropy(1, columns, 0.5, 0, logits + row * columns, targets + row, 0, 0, losses + row);
      }
    });
    expect(alone).toEqual(whole);
  });
});
