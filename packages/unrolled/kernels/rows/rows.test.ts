import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS, runKernel } from "../testing/run-kernel.js";

const ROWS = [0, 1, 3, 8, 19];

describe.each(engines)("rows, $name engine", ({ create }) => {
  const engine = create();

  it("copyRows: copies rows between matrices of different strides, and nothing between the rows", () => {
    for (const rows of ROWS) {
      for (const columns of LENGTHS) {
        const [xStride, yStride] = [columns + 3, columns + 1];
        const blocks = { x: numbers(rows * xStride), y: numbers(rows * yStride, 2) };
        const { after } = runKernel(engine, blocks, (kernels, { x, y }) =>
          kernels.copyRows(rows, columns, x, xStride, y, yStride),
        );
        const expected = Array.from(blocks.y, (value, at) => {
          const [row, column] = [Math.floor(at / yStride), at % yStride];
          return column < columns ? blocks.x[row * xStride + column] : value;
        });
        expect(after.y).toEqual(expected);
      }
    }
  });

  it("addRows: adds rows between matrices of different strides, and nothing between the rows", () => {
    for (const rows of ROWS) {
      for (const columns of LENGTHS) {
        const [xStride, yStride] = [columns + 2, columns + 5];
        const blocks = { x: numbers(rows * xStride), y: numbers(rows * yStride, 2) };
        const difference = differenceFromReference(engine, blocks, (kernels, { x, y }) =>
          kernels.addRows(rows, columns, x, xStride, y, yStride),
        );
        expect(difference, `${rows} rows of ${columns}`).toBeLessThan(2e-7);
      }
    }
  });

  it("repeatRow: every row becomes the one", () => {
    for (const rows of ROWS) {
      for (const columns of LENGTHS) {
        const blocks = { x: numbers(columns), y: numbers(rows * columns, 2) };
        const { after } = runKernel(engine, blocks, (kernels, { x, y }) => kernels.repeatRow(rows, columns, x, y));
        expect(after.y).toEqual(Array.from({ length: rows }, () => Array.from(blocks.x)).flat());
      }
    }
  });

  it("sumRows: adds the sum of all rows to what stands in y", () => {
    for (const rows of ROWS) {
      for (const columns of LENGTHS) {
        const blocks = { x: numbers(rows * columns), y: numbers(columns, 2) };
        const difference = differenceFromReference(engine, blocks, (kernels, { x, y }) =>
          kernels.sumRows(rows, columns, x, columns, y),
        );
        expect(difference, `${rows} rows of ${columns}`).toBeLessThan(1e-6);
      }
    }
  });

  it("sumRows: summing rows in two parts gives the same bits as at once", () => {
    const [rows, columns] = [29, 7];
    const blocks = { x: numbers(rows * columns), y: numbers(columns, 2) };
    const whole = runKernel(engine, blocks, (kernels, { x, y }) => kernels.sumRows(rows, columns, x, columns, y));
    const parts = runKernel(engine, blocks, (kernels, { x, y }) => {
      kernels.sumRows(4, columns, x, columns, y);
      kernels.sumRows(25, columns, x + 4 * columns, columns, y);
    });
    expect(parts).toEqual(whole);
  });
});
