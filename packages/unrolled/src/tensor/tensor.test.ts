import { describe, expect, it } from "vitest";
import { tensor } from "./create.js";

describe("Tensor", () => {
  it("item gives the only number, whatever the rank", () => {
    expect([tensor(3).item(), tensor([4]).item(), tensor([[[5]]]).item()]).toEqual([3, 4, 5]);
  });

  it.each([{ shape: [0] }, { shape: [2] }, { shape: [2, 2] }])("item refuses $shape", ({ shape }) => {
    const message = `item: expected a tensor of one number, received [${shape.join(", ")}].`;
    const size = shape.reduce((a, b) => a * b, 1);
    expect(() => tensor(new Float32Array(size), shape).item()).toThrow(
      expect.objectContaining({ code: "UNROLLED_SHAPE", message }),
    );
  });

  it("toArray nests by shape, axes of length 0 included", () => {
    expect(tensor(Int32Array.of(1, 2, 3, 4, 5, 6), [3, 1, 2]).toArray()).toEqual([[[1, 2]], [[3, 4]], [[5, 6]]]);
    expect(tensor(new Float32Array(0), [2, 0, 3]).toArray()).toEqual([[], []]);
    expect(tensor(new Float32Array(0), [0, 2]).toArray()).toEqual([]);
  });
});
