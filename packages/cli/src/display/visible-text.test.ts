import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { onOneLine, safeForTerminal } from "./visible-text.js";

describe("safeForTerminal", () => {
  it("shows escape sequences instead of letting the terminal obey them", () => {
    expect(safeForTerminal("a\u001b[2Jb\u0007\u007f\u009b\r\u202e")).toBe("a␛[2Jb␇␡\ufffd␍\ufffd");
  });

  it("leaves line ends, tabs and everything visible as they are", () => {
    expect(safeForTerminal("two\n\tlines — “whale” 🐋")).toBe("two\n\tlines — “whale” 🐋");
  });

  it("keeps the number of characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 30 }), (text) => {
        expect([...safeForTerminal(text)]).toHaveLength([...text].length);
      }),
    );
  });
});

describe("onOneLine", () => {
  it("shows line ends and cuts what does not fit", () => {
    expect(onOneLine("the\nwhale\tsaid", 40)).toBe("the↵whale said");
    expect(onOneLine("the\nwhale", 6)).toBe("the↵w…");
    expect(onOneLine("🐋🐋🐋", 3)).toBe("🐋🐋🐋");
    expect(onOneLine("whale", 0)).toBe("");
  });

  it("is never longer than asked and never has a line end", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 30 }), fc.nat(30), (text, width) => {
        const line = onOneLine(text, width);
        expect([...line].length).toBeLessThanOrEqual(width);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });
});
