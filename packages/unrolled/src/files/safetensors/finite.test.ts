import { expect, it } from "vitest";
import type { StoredTensor } from "./dtype.js";
import { nonFiniteTensors } from "./finite.js";

it("names the tensors that hold NaN or infinity, wherever it stands", () => {
  const tensors = new Map<string, StoredTensor>([
    ["fine", { dtype: "F32", shape: [3], data: Float32Array.of(3.4e38, 0, -3.4e38) }],
    ["empty", { dtype: "F32", shape: [0], data: new Float32Array(0) }],
    ["nan", { dtype: "F32", shape: [3], data: Float32Array.of(0, 1, NaN) }],
    ["infinite", { dtype: "F64", shape: [2], data: Float64Array.of(-Infinity, 1) }],
    ["half", { dtype: "F16", shape: [1], data: Float32Array.of(Infinity) }],
    ["integers", { dtype: "I64", shape: [1], data: BigInt64Array.of(2n ** 62n) }],
  ]);
  expect(nonFiniteTensors(tensors)).toEqual(["nan", "infinite", "half"]);
});
