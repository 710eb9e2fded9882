import { describe, expect, it } from "vitest";
import { noBetter } from "./no-better.js";

const scores = (exactMatch: number, chrF: number) => ({ bleu: 0, chrF, exactMatch, wordError: 0.5 });
const said = (network: ReturnType<typeof scores>, naive: ReturnType<typeof scores>) =>
  noBetter(network, naive, "chance", "pairs");

describe("noBetter", () => {
  it("says so where no more is right, and what is wrong is no nearer", () => {
    const text = "The network is no better than chance here; more pairs or epochs may help.";
    expect(said(scores(0, 20), scores(0, 30))).toEqual(["", text]);
    expect(said(scores(0.5, 40), scores(0.5, 40))).toEqual(["", text]);
  });

  it("says nothing where more is right, what is wrong is nearer, or all is right", () => {
    expect(said(scores(0.1, 20), scores(0, 30))).toEqual([]);
    expect(said(scores(0, 30), scores(0, 20))).toEqual([]);
    expect(said(scores(1, 100), scores(1, 100))).toEqual([]);
  });
});
