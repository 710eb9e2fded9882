import { describe, expect, it } from "vitest";
import { lossTable } from "./loss-table.js";

describe("lossTable", () => {
  it("shows each loss in nats and bits, the best first", () => {
    const rows = [
      { name: "bigram", loss: 2.4624 },
      { name: "LSTM, 256 units", loss: 1.5 },
      { name: "6-gram", loss: 1.5564 },
    ];
    expect(lossTable("Validation loss per character", rows)).toEqual([
      "Validation loss per character    nats    bits",
      "  LSTM, 256 units               1.500   2.164",
      "  6-gram                        1.556   2.245",
      "  bigram                        2.462   3.552",
    ]);
    expect(rows[0]?.name).toBe("bigram");
  });
});
