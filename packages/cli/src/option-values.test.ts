import { InvalidArgumentError } from "commander";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimalNumber, fileOrFraction, wholeNumber } from "./option-values.js";

const nonsense = [
  "",
  " ",
  " 5",
  "5 ",
  "nan",
  "NaN",
  "Infinity",
  "-Infinity",
  "0x10",
  "0b1",
  "1_000",
  "1,000",
  "five",
  "1e400",
  "--5",
  "²",
];

describe("wholeNumber", () => {
  const count = wholeNumber({ minimum: 1 });

  it.each([...nonsense, "1.5", "1.0", "1e3", "0", "-3", "9007199254740993"])("refuses %j", (text) => {
    expect(() => count(text)).toThrow(new InvalidArgumentError("Expected a whole number of at least 1."));
  });

  it("reads every whole number in its range", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        expect(wholeNumber({ minimum: 0 })(String(value))).toBe(value);
      }),
    );
    expect(count("1")).toBe(1);
    expect(count("0012")).toBe(12);
  });

  it("says the whole range", () => {
    expect(() => wholeNumber({ minimum: 2, maximum: 4 })("5")).toThrow("Expected a whole number of at least 2 and at most 4.");
  });
});

describe("decimalNumber", () => {
  const rate = decimalNumber({ above: 0 });

  it.each([...nonsense.filter((text) => text !== "1,000"), ".", "1e", "0", "1e-400", "-1"])("refuses %j", (text) => {
    expect(() => rate(text)).toThrow(new InvalidArgumentError("Expected a number above 0."));
  });

  it("shows how to write a decimal comma", () => {
    expect(() => rate("0,5")).toThrow("Expected a number above 0. Write 0.5, with a point.");
  });

  it("reads every finite number in its range", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(decimalNumber({})(String(value))).toBe(Number(String(value)));
      }),
    );
    expect(rate("2e-3")).toBe(0.002);
    expect(rate(".5")).toBe(0.5);
  });

  it("excludes the bounds that it calls above and below, and includes the others", () => {
    const dropout = decimalNumber({ minimum: 0, below: 1 });
    expect(dropout("0")).toBe(0);
    expect(() => dropout("1")).toThrow("Expected a number of at least 0 and below 1.");
    expect(decimalNumber({ above: 0, maximum: 1 })("1")).toBe(1);
  });
});

describe("fileOrFraction", () => {
  it("takes a number between 0 and 1 as a fraction and everything else as a path", () => {
    expect(fileOrFraction("0.1")).toEqual({ fraction: 0.1 });
    expect(fileOrFraction("1e-2")).toEqual({ fraction: 0.01 });
    expect(fileOrFraction("test.txt")).toEqual({ file: "test.txt" });
    expect(fileOrFraction("./0.1")).toEqual({ file: "./0.1" });
    expect(fileOrFraction("2024.txt")).toEqual({ file: "2024.txt" });
  });

  it.each(["", "0", "1", "1.5", "-0.1", "10%", "0,1", "1e400"])("refuses %j, which is neither", (text) => {
    expect(() => fileOrFraction(text)).toThrow("Expected a file, or a fraction above 0 and below 1, such as 0.1");
  });
});
