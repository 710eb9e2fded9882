import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { numberOf } from "./number.js";

const refusal = (value: string | number): string => {
  try {
    return `no error but ${numberOf(value, "data.csv:3", "price")}`;
  } catch (error) {
    expect(error).toMatchObject({ code: "UNROLLED_DATA" });
    return error instanceof Error ? error.message : "";
  }
};

describe("numberOf", () => {
  it("reads every number back that JavaScript writes", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(numberOf(String(number), "", "")).toBe(number === 0 ? Number(String(number)) : number);
      }),
    );
  });

  it.each([
    ["1", 1],
    [" -2.5 ", -2.5],
    ["+.5", 0.5],
    ["3.", 3],
    ["1e-3", 0.001],
    ["007", 7],
    [true, 1],
    [4, 4],
  ])("reads %j", (value, number) => {
    expect(numberOf(value, "", "")).toBe(number);
  });

  it.each(["", "  ", "NA", "n/a", "NaN", "nan", "null", "None", "?", null, undefined, Number.NaN])(
    "takes %j for a missing value, never for 0",
    (value) => {
      expect(numberOf(value, "", "")).toBeNull();
    },
  );

  it.each([
    ["1,5", 'data.csv:3: column "price": expected a number, received "1,5"; write a decimal point, 1.5.'],
    ["0x1f", 'data.csv:3: column "price": expected a number, received "0x1f"; write it in decimal notation.'],
    ["1e400", 'data.csv:3: column "price": expected a number, received "1e400", which a 64-bit number can\'t hold.'],
    [
      Number.POSITIVE_INFINITY,
      'data.csv:3: column "price": expected a number, received Infinity, which a 64-bit number can\'t hold.',
    ],
    [
      "Infinity",
      'data.csv:3: column "price": expected a number, received "Infinity"; leave the cell empty where the value is missing.',
    ],
    [
      "12 kg",
      'data.csv:3: column "price": expected a number, received "12 kg"; leave the cell empty where the value is missing.',
    ],
    [
      "1 000",
      'data.csv:3: column "price": expected a number, received "1 000"; leave the cell empty where the value is missing.',
    ],
  ])("refuses %j with file, line and column", (value, message) => {
    expect(refusal(value)).toBe(message);
  });
});
