import { describe, expect, it } from "vitest";
import { withEngine } from "../../engine/current.js";
import { engines } from "../../engine/testing/engines.js";
import { tensor } from "../../tensor/create.js";
import { evaluate } from "../gradients.js";
import { expectRightGradients, expectValues, filled, weightedSum } from "../testing/gradients.js";
import { gather } from "./gather.js";
import { scale } from "./scale.js";
import { square } from "./square.js";

describe("gather", () => {
  it.each([
    { indices: [2], shape: [] },
    { indices: [4, 0, 2, 0, 4, 4], shape: [6] },
    { indices: [1, 1, 3, 0, 2, 1], shape: [2, 3] },
    { indices: [], shape: [0] },
  ])("rows $indices, shaped $shape: the table's rows, and gradients added up where a row comes again", ({ indices, shape }) => {
    const table = filled([5, 3]);
    const ids = tensor(Int32Array.from(indices), shape);
    const expected = indices.flatMap((id) => Array.from(table.data.slice(3 * id, 3 * id + 3)));
    expectValues(() => gather(table, ids), [...shape, 3], expected);
    expectRightGradients([table], () => weightedSum(square(gather(table, ids))));
  });

  it("takes whole numbers of any type as indices", () => {
    const table = filled([5, 3]);
    for (const ids of [tensor([3, 1]), tensor(Float64Array.of(3, 1)), tensor(Int32Array.of(3, 1))]) {
      expect(gather(table, ids).data).toEqual(Float32Array.of(...table.data.slice(9, 12), ...table.data.slice(3, 6)));
    }
  });

  it.each(engines)("$name engine: takes indices that were computed in the scope", ({ create }) => {
    const table = filled([5, 3]);
    withEngine(create(), () => {
      const rows = evaluate(() => gather(table, scale(tensor([1.5, 0.5]), 2)));
      expect(rows.data).toEqual(gather(table, tensor([3, 1])).data);
    });
  });

  it.each([
    { index: 5, code: "UNROLLED_INDEX" },
    { index: -1, code: "UNROLLED_INDEX" },
    { index: 1e9, code: "UNROLLED_INDEX" },
    { index: 0.5, code: "UNROLLED_DTYPE" },
    { index: Number.NaN, code: "UNROLLED_DTYPE" },
    { index: Number.POSITIVE_INFINITY, code: "UNROLLED_DTYPE" },
  ])("refuses the index $index and says where it stands", ({ index, code }) => {
    const message = `gather: indices must be whole numbers from 0 to 4, received ${index} at position 1.`;
    expect(() => gather(filled([5, 3]), tensor([0, index]))).toThrow(expect.objectContaining({ code, message }));
  });

  it("refuses a table that is no matrix", () => {
    const message = "gather: `table` must be [rows, columns], received [5].";
    expect(() => gather(filled([5]), tensor([0]))).toThrow(expect.objectContaining({ code: "UNROLLED_SHAPE", message }));
  });
});
