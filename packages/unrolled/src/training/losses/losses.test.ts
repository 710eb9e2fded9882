import { describe, expect, it } from "vitest";
import { tensor } from "../../tensor/create.js";
import { crossEntropy } from "./cross-entropy.js";
import { meanSquaredError } from "./mean-squared-error.js";

describe("crossEntropy", () => {
  it("is the mean of −log softmax(output)[target], in nats", () => {
    const logits = [
      [1, 2, 3],
      [0, 0, 0],
    ];
    const first = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3)) - 2;
    expect(
      crossEntropy()
        .of(tensor(logits), tensor([1, 2]))
        .item(),
    ).toBeCloseTo((first + Math.log(3)) / 2, 6);
  });

  it("stays finite and right for logits that exp can't take", () => {
    expect(
      crossEntropy()
        .of(tensor([[1000, -1000]]), tensor([1]))
        .item(),
    ).toBe(2000);
    expect(
      crossEntropy()
        .of(tensor([[1000, -1000]]), tensor([0]))
        .item(),
    ).toBe(0);
  });
});

describe("meanSquaredError", () => {
  it("is the mean of (output − target)² over all numbers", () => {
    const output = tensor([
      [1, 2],
      [3, 5],
    ]);
    const targets = tensor([
      [1, 0],
      [0, 4],
    ]);
    expect(meanSquaredError().of(output, targets).item()).toBe((0 + 4 + 9 + 1) / 4);
  });
});
