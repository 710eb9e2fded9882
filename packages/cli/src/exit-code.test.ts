import { UnrolledError } from "unrolled";
import { describe, expect, it } from "vitest";
import { exitCodeOf } from "./exit-code.js";

describe("exitCodeOf", () => {
  it("is 2 for wrong arguments and data", () => {
    expect(exitCodeOf(new UnrolledError("UNROLLED_DATA", "book.txt: is empty."))).toBe(2);
    expect(exitCodeOf(new UnrolledError("UNROLLED_VALUE", "`units` must be at least 1."))).toBe(2);
  });

  it("is 1 for everything else that goes wrong", () => {
    expect(exitCodeOf(new UnrolledError("UNROLLED_FILE", "models/whale: no config.json."))).toBe(1);
    expect(exitCodeOf(new UnrolledError("UNROLLED_NOT_FINITE", "the loss is NaN."))).toBe(1);
    expect(exitCodeOf(new TypeError("x is not a function"))).toBe(1);
  });
});
