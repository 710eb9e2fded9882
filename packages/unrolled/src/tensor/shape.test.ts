import { describe, expect, it } from "vitest";
import { aroundAxis, formatShape, isLength, sameShape, sizeOf } from "./shape.js";

describe("shapes", () => {
  it("sizeOf is the product of the lengths, 1 for a single number", () => {
    expect([sizeOf([]), sizeOf([7]), sizeOf([2, 3, 4]), sizeOf([5, 0])]).toEqual([1, 7, 24, 0]);
  });

  it("sameShape compares rank and every length", () => {
    expect(sameShape([2, 3], [2, 3])).toBe(true);
    for (const other of [[3, 2], [2], [2, 3, 1], []]) expect(sameShape([2, 3], other)).toBe(false);
  });

  it("isLength takes whole numbers from 0 on alone", () => {
    expect([0, 1, 2 ** 40].every(isLength)).toBe(true);
    expect([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53].some(isLength)).toBe(false);
  });

  it("formatShape prints lengths and names", () => {
    expect([formatShape([]), formatShape(["batch", 8])]).toEqual(["[]", "[batch, 8]"]);
  });

  it("aroundAxis splits a shape at an axis counted from either end", () => {
    expect(aroundAxis([2, 3, 4, 5], 1)).toEqual({ axis: 1, outer: 2, length: 3, inner: 20 });
    expect(aroundAxis([2, 3, 4, 5], -1)).toEqual({ axis: 3, outer: 24, length: 5, inner: 1 });
    for (const axis of [4, -5, 0.5, Number.NaN]) expect(aroundAxis([2, 3, 4, 5], axis)).toBeUndefined();
    expect(aroundAxis([], 0)).toBeUndefined();
  });
});
