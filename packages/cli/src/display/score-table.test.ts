import { describe, expect, it } from "vitest";
import { scoreTable } from "./score-table.js";

describe("scoreTable", () => {
  it("puts scores under their names, in the order given, and leaves out what isn't measured", () => {
    const rows = [
      { name: "LSTM", scores: { accuracy: 0.91234, loss: 1234.5 } },
      { name: "naive Bayes", scores: { accuracy: 0.5 } },
    ];
    expect(scoreTable("Test", ["accuracy", "loss"], rows)).toEqual([
      "Test           accuracy    loss",
      "  LSTM            0.912   1,235",
      "  naive Bayes     0.500",
    ]);
  });

  it("writes a count as the count it is, and an infinite score as such", () => {
    const rows = [{ name: "PER", scores: { support: 1200, mase: Number.POSITIVE_INFINITY } }];
    expect(scoreTable("", ["support", "mase"], rows, { support: String })[1]).toBe("  PER     1200  Infinity");
  });
});
