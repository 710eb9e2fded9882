import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { differenceFromReference, LENGTHS, runKernel } from "../testing/run-kernel.js";

/** Some rows several times, some never, the first and the last among them. */
const IDS = Int32Array.of(4, 0, 2, 0, 4, 4);
const TABLE_ROWS = 5;

describe.each(engines)("gather, $name engine", ({ create }) => {
  const engine = create();

  it("gatherRows: every row is the table's row of its id", () => {
    for (const columns of LENGTHS) {
      const blocks = { table: numbers(TABLE_ROWS * columns), ids: IDS, y: numbers(IDS.length * columns, 2) };
      const { after } = runKernel(engine, blocks, (kernels, { table, ids, y }) =>
        kernels.gatherRows(IDS.length, columns, table, ids, y),
      );
      expect(after.y).toEqual([...IDS].flatMap((id) => Array.from(blocks.table.subarray(id * columns, (id + 1) * columns))));
      expect(after.ids).toEqual([...IDS]);
    }
  });

  it("scatterAddRows: adds every row to the table's row of its id, as often as it occurs", () => {
    for (const columns of LENGTHS) {
      const blocks = { dy: numbers(IDS.length * columns), ids: IDS, table: numbers(TABLE_ROWS * columns, 2) };
      const difference = differenceFromReference(engine, blocks, (kernels, { dy, ids, table }) =>
        kernels.scatterAddRows(IDS.length, columns, dy, ids, table),
      );
      expect(difference, `${columns} columns`).toBeLessThan(5e-7);
    }
  });

  it("gatherRows and scatterAddRows: no ids, nothing done", () => {
    const blocks = { x: numbers(6), ids: new Int32Array(0), y: numbers(6, 2) };
    const { after } = runKernel(engine, blocks, (kernels, { x, ids, y }) => {
      kernels.gatherRows(0, 3, x, ids, y);
      kernels.scatterAddRows(0, 3, x, ids, y);
    });
    expect(after.y).toEqual(Array.from(blocks.y));
  });
});
