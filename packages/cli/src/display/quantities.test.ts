import { describe, expect, it } from "vitest";
import { bits, count, duration, loss } from "./quantities.js";

describe("quantities", () => {
  it("separate thousands", () => {
    expect(count(1190317)).toBe("1,190,317");
    expect(count(999.6)).toBe("1,000");
  });

  it("give a loss three digits, in nats or bits", () => {
    expect(loss(1.6984)).toBe("1.698");
    expect(bits(Math.log(8))).toBeCloseTo(3, 12);
  });

  it("give a duration its two largest units", () => {
    expect([0, 59.4, 59.6, 61, 3599, 3600, 7805].map(duration)).toEqual([
      "0 s",
      "59 s",
      "1 min 00 s",
      "1 min 01 s",
      "59 min 59 s",
      "1 h 00 min",
      "2 h 10 min",
    ]);
    expect(duration(Number.POSITIVE_INFINITY)).toBe("unknown");
  });
});
