import { describe, expect, it } from "vitest";
import { confusionMatrix } from "./confusion-matrix.js";

const counts = [
  [1200, 4],
  [30, 5],
];

describe("confusionMatrix", () => {
  it("has a row for each class and a column for what it was taken for", () => {
    expect(confusionMatrix(["bad", "very good"], counts, 40)).toEqual([
      "           predicted",
      "actual       bad  very good",
      "bad        1,200          4",
      "very good     30          5",
    ]);
  });

  it("names the most frequent confusions where the matrix is wider than the terminal", () => {
    expect(confusionMatrix(["bad", "very good"], counts, 20)).toEqual([
      "Taken for another class most often, actual for predicted:",
      "  very good for bad: 30",
      "  bad for very good: 4",
    ]);
    const right = [
      [3, 0],
      [0, 4],
    ];
    expect(confusionMatrix(["bad", "very good"], right, 20)).toEqual(["No class was taken for another one."]);
  });

  it("lets no label obey or outgrow the terminal", () => {
    const lines = confusionMatrix(["\u001b[31m", "x".repeat(100)], counts, 80);
    expect(lines.join("")).not.toContain("\u001b");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(50);
  });
});
