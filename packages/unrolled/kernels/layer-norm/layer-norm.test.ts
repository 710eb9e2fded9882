import { describe, expect, it } from "vitest";
import { referenceEngine } from "../../src/engine/reference-engine.js";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS, runKernel } from "../testing/run-kernel.js";

const ROWS = [0, 1, 3];
const COLUMNS = [...LENGTHS.filter((length) => length > 0), 301];

function eachSize(check: (rows: number, columns: number) => void): void {
  for (const rows of ROWS) for (const columns of COLUMNS) check(rows, columns);
}

/** What the way there keeps of some rows, as float32. */
function statistics(rows: number, columns: number, x: Float32Array): { means: Float32Array; scales: Float32Array } {
  const blocks = {
    x,
    weight: numbers(columns),
    bias: numbers(columns),
    y: new Float32Array(rows * columns),
    means: new Float32Array(rows),
    scales: new Float32Array(rows),
  };
  const { after } = runKernel(referenceEngine("float64"), blocks, (kernels, a) =>
    kernels.layerNorm(rows, columns, 1e-3, a.x, a.weight, a.bias, a.y, a.means, a.scales),
  );
  return { means: Float32Array.from(after.means), scales: Float32Array.from(after.scales) };
}

describe.each(engines)("layerNorm, $name engine", ({ create }) => {
  const engine = create();

  it("layerNorm: rows, means and scales as in float64 to 2e-6", () => {
    eachSize((rows, columns) => {
      const blocks = {
        x: numbers(rows * columns, 1),
        weight: numbers(columns, 2),
        bias: numbers(columns, 3),
        y: numbers(rows * columns, 4),
        means: numbers(rows, 5),
        scales: numbers(rows, 6),
      };
      const difference = differenceFromReference(engine, blocks, (kernels, a) =>
        kernels.layerNorm(rows, columns, 1e-3, a.x, a.weight, a.bias, a.y, a.means, a.scales),
      );
      expect(difference, `[${rows}, ${columns}]`).toBeLessThan(2e-6);
    });
  });

  it("layerNormBackward: adds scale·(g − mean(g) − n·mean(g⊙n))", () => {
    eachSize((rows, columns) => {
      const x = numbers(rows * columns, 1);
      const blocks = {
        x,
        ...statistics(rows, columns, x),
        weight: numbers(columns, 2),
        dy: numbers(rows * columns, 3),
        dx: numbers(rows * columns, 4),
      };
      const difference = differenceFromReference(engine, blocks, (kernels, a) =>
        kernels.layerNormBackward(rows, columns, a.x, a.weight, a.means, a.scales, a.dy, a.dx),
      );
      // one column: a scale of 31 times the rounding of g − mean(g) − 0
      expect(difference, `[${rows}, ${columns}]`).toBeLessThan(3e-6);
    });
  });

  it("layerNormWeightGradient: adds Σ dy⊙n over the rows", () => {
    eachSize((rows, columns) => {
      const x = numbers(rows * columns, 1);
      const blocks = { x, ...statistics(rows, columns, x), dy: numbers(rows * columns, 3), dWeight: numbers(columns, 4) };
      const difference = differenceFromReference(engine, blocks, (kernels, a) =>
        kernels.layerNormWeightGradient(rows, columns, a.x, a.means, a.scales, a.dy, a.dWeight),
      );
      expect(difference, `[${rows}, ${columns}]`).toBeLessThan(2e-6);
    });
  });

  it("layerNorm: a row far from 0 keeps its digits, and a constant row is the bias", () => {
    const blocks = {
      x: Float32Array.of(10000, 10001, 10002, 10003, 10004, ...Array(5).fill(-7)),
      weight: new Float32Array(5).fill(1),
      bias: numbers(5),
      y: new Float32Array(10),
      means: new Float32Array(2),
      scales: new Float32Array(2),
    };
    const { after } = runKernel(engine, blocks, (kernels, a) =>
      kernels.layerNorm(2, 5, 1e-5, a.x, a.weight, a.bias, a.y, a.means, a.scales),
    );
    const deviation = Math.sqrt(2 + 1e-5);
    for (let i = 0; i < 5; i++) expect(after.y[i]).toBeCloseTo((i - 2) / deviation + (blocks.bias[i] as number), 6);
    expect(after.y.slice(5)).toEqual(Array.from(blocks.bias));
    expect(after.means).toEqual([10002, -7]);
  });
});
