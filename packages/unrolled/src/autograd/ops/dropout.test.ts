import { describe, expect, it } from "vitest";
import { tensor } from "../../tensor/create.js";
import { RandomStream } from "../../tensor/random.js";
import { valueAndGradients } from "../gradients.js";
import { expectRightGradients, filled, weightedSum } from "../testing/gradients.js";
import { add } from "./add.js";
import { dropout } from "./dropout.js";
import { square } from "./square.js";
import { sum } from "./sum.js";

describe("dropout", () => {
  it("has the right derivative, through the mask of its own draw", () => {
    const x = filled([5, 7]);
    const mask = () => new RandomStream(3, "dropout");
    expectRightGradients([x], () => weightedSum(square(dropout(x, 0.4, mask()))));
    expectRightGradients([x], () => {
      const random = mask();
      return add(weightedSum(dropout(x, 0.4, random)), weightedSum(dropout(square(x), 0.4, random)));
    });
  });

  it("sets the gradient to 0 exactly where the number was dropped", () => {
    const x = tensor(new Float32Array(100).fill(1));
    const random = new RandomStream(1, "dropout");
    const kept = dropout(x, 0.5, new RandomStream(1, "dropout"));
    const { gradients } = valueAndGradients([x], () => sum(dropout(x, 0.5, random)));
    expect(gradients[0]?.data).toEqual(kept.data);
  });

  it("draws another mask each time, and the same again from the same place of the stream", () => {
    const x = tensor(new Float32Array(100).fill(1));
    const random = new RandomStream(1, "dropout");
    const [first, second] = [dropout(x, 0.5, random), dropout(x, 0.5, random)];
    expect(second.data).not.toEqual(first.data);
    random.counter = 0;
    expect(dropout(x, 0.5, random).data).toEqual(first.data);
  });
});
