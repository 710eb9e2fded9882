import { describe, expect, it } from "vitest";
import { narrowToBfloat16, narrowToHalf, widenBfloat16, widenHalf } from "./float16.js";

const everyPattern = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);

describe("half precision", () => {
  it("widens the values that IEEE 754 names", () => {
    const bits = Uint16Array.of(0x0000, 0x8000, 0x0001, 0x03ff, 0x0400, 0x3555, 0x3c00, 0xc000, 0x7bff, 0x7c00, 0xfc00, 0x7e00);
    const values = [0, -0, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 1365 * 2 ** -12, 1, -2, 65504, Infinity, -Infinity, NaN];
    expect([...widenHalf(bits)]).toEqual(values);
  });

  it("is narrowed back to the bits it was widened from, for each of the 65,536", () => {
    const back = narrowToHalf(widenHalf(everyPattern));
    const changed = everyPattern.filter((bits) => back[bits] !== bits);
    // A signalling NaN becomes a quiet one.
    expect([...changed].filter((bits) => (bits & 0x7c00) !== 0x7c00 || (bits & 0x3ff) === 0)).toEqual([]);
    expect([...changed].every((bits) => Number.isNaN(widenHalf(back.subarray(bits, bits + 1))[0]))).toBe(true);
  });

  it("rounds to the nearest, ties to even, over the normal, subnormal and overflowing range", () => {
    const cases: [value: number, bits: number][] = [
      [1 + 2 ** -11, 0x3c00],
      [1 + 3 * 2 ** -11, 0x3c02],
      [1 + 2 ** -11 + 2 ** -20, 0x3c01],
      [2 ** -25, 0x0000],
      [2 ** -25 + 2 ** -40, 0x0001],
      [3 * 2 ** -25, 0x0002],
      [2 ** -14 - 2 ** -26, 0x0400],
      [65519, 0x7bff],
      [65520, 0x7c00],
      [-1e30, 0xfc00],
      [2 ** -149, 0x0000],
      [NaN, 0x7e00],
    ];
    expect([...narrowToHalf(Float32Array.from(cases, ([value]) => value))]).toEqual(cases.map(([, bits]) => bits));
  });
});

describe("bfloat16", () => {
  it("widens to the float32 whose upper half it is", () => {
    expect([...widenBfloat16(Uint16Array.of(0x0000, 0x8000, 0x3f80, 0xc020, 0x4049, 0x7f80))]).toEqual([
      0,
      -0,
      1,
      -2.5,
      3.140625,
      Infinity,
    ]);
  });

  it("is narrowed back to the bits it was widened from, for each of the 65,536 but signalling NaNs", () => {
    const back = narrowToBfloat16(widenBfloat16(everyPattern));
    const changed = everyPattern.filter((bits) => back[bits] !== bits);
    expect([...changed].every((bits) => (bits & 0x7fff) > 0x7f80 && back[bits] === (bits | 0x40))).toBe(true);
  });

  it("rounds to the nearest, ties to even", () => {
    const values = Float32Array.of(1 + 2 ** -8, 1 + 3 * 2 ** -8, 1 + 2 ** -8 + 2 ** -20, 3.4028235e38, NaN);
    expect([...narrowToBfloat16(values)]).toEqual([0x3f80, 0x3f82, 0x3f81, 0x7f80, 0x7fc0]);
  });
});
