import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitText } from "./split.js";

describe("splitText", () => {
  it("keeps the text's end for validation, rounded up, by characters", () => {
    expect(splitText("abcdefghij", 0.2)).toEqual({ train: "abcdefgh", validation: "ij" });
    expect(splitText("abc", 0.5)).toEqual({ train: "a", validation: "bc" });
    expect(splitText("🐳🐋🐳🐋", 0.25)).toEqual({ train: "🐳🐋🐳", validation: "🐋" });
  });

  it("loses nothing of any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (text, fraction) => {
        const { train, validation } = splitText(text, fraction);
        expect(train + validation).toBe(text);
      }),
    );
  });

  it.each([0, 1, -0.1, 2, Number.NaN])("refuses %f as a fraction", (fraction) => {
    expect(() => splitText("abc", fraction)).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: `splitText: \`fraction\` must be between 0 and 1, received ${fraction}.`,
      }),
    );
  });
});
