import { describe, expect, it } from "vitest";
import { lossTable } from "./loss-table.js";

describe("lossTable", () => {
  it("shows each loss in nats and bits, the best first", () => {
    const rows = [
      { name: "bigram", loss: 2.4624 },
      { name: "LSTM, 256 units", loss: 1.5 },
      { name: "6-gram", loss: 1.5564 },
    ];
    expect(lossTable("Validation", "char", rows)).toEqual([
      "Validation loss per character    nats    bits",
      "  LSTM, 256 units               1.500   2.164",
      "  6-gram                        1.556   2.245",
      "  bigram                        2.462   3.552",
    ]);
    expect(rows[0]?.name).toBe("bigram");
  });

  it("shows bits per character of pieces, which have several", () => {
    expect(lossTable("Test", "piece", [{ name: "LSTM, 200 units", loss: 4 * Math.LN2 }], 2.5)).toEqual([
      "Test loss per piece    nats  bits per character",
      "  LSTM, 200 units     2.773               1.600",
    ]);
  });

  it("shows the perplexity of words instead of bits", () => {
    const rows = [
      { name: "bigram", loss: 6 },
      { name: "LSTM, 200 units", loss: 4.7875 },
    ];
    expect(lossTable("Test", "word", rows)).toEqual([
      "Test loss per word    nats  perplexity",
      "  LSTM, 200 units    4.787      120.00",
      "  bigram             6.000      403.43",
    ]);
  });
});
