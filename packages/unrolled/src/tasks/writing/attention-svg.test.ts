import { describe, expect, it } from "vitest";
import { attentionSvg } from "./attention-svg.js";

describe("attentionSvg", () => {
  it("has marks of XML written out, and characters that XML hasn't replaced", () => {
    const sourceTokens = ["<", "\u0001", "\ud83c", "🎉", "\uffff", ""];
    const svg = attentionSvg({ tokens: ["&\n"], sourceTokens, attention: [[0.5, 0, 0, 0.5, 0, 0]] });
    expect(Array.from(svg.matchAll(/<title>(.*?)<\/title>/gs), ([, title]) => title)).toEqual([
      "&amp;\n ← &lt;: 50.0 %",
      "&amp;\n ← \ufffd: 0.0 %",
      "&amp;\n ← \ufffd: 0.0 %",
      "&amp;\n ← 🎉: 50.0 %",
      "&amp;\n ← \ufffd: 0.0 %",
      "&amp;\n ← ⏎: 0.0 %",
    ]);
  });
});
