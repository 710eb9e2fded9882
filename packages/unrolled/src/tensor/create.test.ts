import { describe, expect, it } from "vitest";
import { add } from "../autograd/ops/add.js";
import { withEngine } from "../engine/current.js";
import { referenceEngine } from "../engine/reference-engine.js";
import { tensor } from "./create.js";
import type { NestedNumbers } from "./tensor.js";

function refusal(code: string, message: string): unknown {
  return expect.objectContaining({ name: "UnrolledError", code, message });
}

/** How to mend arrays of sequences of unequal length. */
const PAD = "; pad sequences to one length, and give their `lengths`.";

describe("tensor", () => {
  it.each([
    { values: 5, shape: [] },
    { values: [], shape: [0] },
    { values: [1, 2, 3], shape: [3] },
    {
      values: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      shape: [2, 3],
    },
    { values: [[[1], [2]]], shape: [1, 2, 1] },
    { values: [[], []], shape: [2, 0] },
  ])("of $values has the shape $shape, and gives the same nested arrays back", ({ values, shape }) => {
    const created = tensor(values);
    expect(created.shape).toEqual(shape);
    expect(created.dtype).toBe("float32");
    expect(created.toArray()).toEqual(values);
  });

  it("rounds plain numbers to float32, and keeps NaN and infinities", () => {
    expect(tensor([0.1, 16777217, Infinity, Number.NaN]).toArray()).toEqual([Math.fround(0.1), 16777216, Infinity, Number.NaN]);
  });

  it.each([
    { array: new Float32Array(6), dtype: "float32" },
    { array: new Float64Array(6), dtype: "float64" },
    { array: new Int32Array(6), dtype: "int32" },
  ])("takes over a typed array without a copy, as $dtype", ({ array, dtype }) => {
    const created = tensor(array, [2, 3]);
    expect(created.data).toBe(array);
    expect([created.dtype, created.shape, created.size]).toEqual([dtype, [2, 3], 6]);
    expect(tensor(array).shape).toEqual([6]);
  });

  it("gives nested arrays another shape of the same size", () => {
    expect(tensor([1, 2, 3, 4], [2, 2]).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(tensor([[7]], []).toArray()).toBe(7);
  });

  it.each([
    { values: [[1, 2], [3]], message: `all arrays of axis 1 must have 2 entries like the first, received an array of 1${PAD}` },
    { values: [[1, 2], 3], message: "all arrays of axis 1 must have 2 entries like the first, received 3." },
    {
      values: [
        [[1], [2]],
        [[3], [4, 5]],
      ],
      message: `all arrays of axis 2 must have 1 entries like the first, received an array of 2${PAD}`,
    },
    { values: [[], [1]], message: `all arrays of axis 1 must have 0 entries like the first, received an array of 1${PAD}` },
    { values: [1, [2, 3]], message: "expected a number 1 levels deep, received an array of 2." },
  ])("refuses the ragged $values", ({ values, message }) => {
    expect(() => tensor(values as NestedNumbers)).toThrow(refusal("UNROLLED_SHAPE", `tensor: ${message}`));
  });

  it.each([
    { values: [1, "2"], received: "a string" },
    { values: ["x".repeat(1e6)], received: "a string" },
    { values: [1, null], received: "null" },
    { values: [1, undefined], received: "undefined" },
    { values: Object.assign(Array(3), { 0: 1, 2: 3 }), received: "undefined" },
    { values: [1n], received: "1" },
    { values: [true], received: "true" },
    { values: [Object.create(null)], received: "an object (Object)" },
    { values: [new Uint8Array(1e6)], received: "an object (Uint8Array)" },
    { values: [Symbol("s")], received: "Symbol(s)" },
  ])("refuses what is no number, received $received, in a short message", ({ values, received }) => {
    const message = `tensor: expected a number 1 levels deep, received ${received}.`;
    expect(() => tensor(values as NestedNumbers)).toThrow(refusal("UNROLLED_DTYPE", message));
  });

  it.each([{ values: "text" }, { values: null }, { values: undefined }, { values: {} }, { values: new Uint8Array(4) }])(
    "refuses $values where an array is due",
    ({ values }) => {
      expect(() => tensor(values as unknown as NestedNumbers)).toThrow(
        expect.objectContaining({
          code: "UNROLLED_DTYPE",
          message: expect.stringMatching(/^tensor: expected numbers, or arrays of them, received /),
        }),
      );
    },
  );

  it("refuses a number that float32 would make infinite, saying where it stands, and rounds the others", () => {
    const message = "tensor: 1e+300 at position 2 is too large for float32; scale it down.";
    expect(() => tensor([[1, 2, 1e300]])).toThrow(refusal("UNROLLED_DTYPE", message));
    const wide = tensor(Float64Array.of(1, Number.POSITIVE_INFINITY, 1e300));
    expect(() => add(wide, 1)).toThrow(refusal("UNROLLED_DTYPE", message));
    expect(withEngine(referenceEngine("float64"), () => add(wide, 1)).data[2]).toBe(1e300);
    expect(add(tensor(Float64Array.of(0.1, Number.POSITIVE_INFINITY)), 0).toArray()).toEqual([
      Math.fround(0.1),
      Number.POSITIVE_INFINITY,
    ]);
  });

  it.each([
    { shape: [4] },
    { shape: [2, 2] },
    { shape: [] },
    { shape: [0] },
    { shape: [-2, -3] },
    { shape: [1.5, 4] },
    { shape: [NaN] },
  ])("refuses the shape $shape for six numbers", ({ shape }) => {
    const message = `tensor: shape [${shape.join(", ")}] must hold as many numbers as there are, received 6.`;
    expect(() => tensor(new Float32Array(6), shape)).toThrow(refusal("UNROLLED_SHAPE", message));
    expect(() => tensor([1, 2, 3, 4, 5, 6], shape)).toThrow(refusal("UNROLLED_SHAPE", message));
  });

  const detached = "tensor: the array's buffer is detached; copy it before it is transferred.";

  it("refuses an array whose buffer was transferred, with a shape or without", () => {
    const array = new Float32Array(6);
    structuredClone(array.buffer, { transfer: [array.buffer] });
    expect(() => tensor(array)).toThrow(refusal("UNROLLED_DTYPE", detached));
    expect(() => tensor(array, [2, 3])).toThrow(refusal("UNROLLED_DTYPE", detached));
    expect(tensor(new Float32Array(0)).shape).toEqual([0]);
  });

  it("refuses to compute with a tensor whose array was transferred since", () => {
    const array = new Float32Array([1, 2, 3]);
    const created = tensor(array);
    structuredClone(array.buffer, { transfer: [array.buffer] });
    expect(() => created.data).toThrow(refusal("UNROLLED_DTYPE", detached));
    expect(() => add(created, 1)).toThrow(refusal("UNROLLED_DTYPE", detached));
  });

  it("takes arrays over shared memory", () => {
    const shared = new Float32Array(new SharedArrayBuffer(8));
    shared.set([1, 2]);
    expect(add(tensor(shared), 1).toArray()).toEqual([2, 3]);
    expect(tensor(new Float32Array(new SharedArrayBuffer(0))).size).toBe(0);
  });
});
