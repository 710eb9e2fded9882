import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { square } from "../autograd/ops/square.js";
import { sum } from "../autograd/ops/sum.js";
import { dense } from "./dense.js";
import { repeatVector } from "./repeat-vector.js";
import { sequential } from "./sequential.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";

describe("repeatVector", () => {
  it("gives the row of each sequence at every step", () => {
    const x = [
      [1, 2],
      [3, 4],
    ];
    expect(repeatVector(3).apply(x).toArray()).toEqual(x.map((row) => [row, row, row]));
  });

  it("feeds what reads sequences, with the right gradients", () => {
    const network = sequential([dense({ inputSize: 2, units: 3, seed: 1 }), repeatVector(4), dense({ units: 2, seed: 2 })]);
    const x = randomTensor([3, 2], 1);
    expect(network.apply(x).shape).toEqual([3, 4, 2]);
    expect(checkGradients([...network.parameters, x], () => sum(square(network.apply(x)))).largestError).toBeLessThan(1e-7);
  });

  it("repeats another number of times for another argument, which must be a whole number", () => {
    expect(plain(repeatVector(2).apply([[7]]))).toEqual({ shape: [1, 2, 1], numbers: [7, 7] });
    expect(() => repeatVector(0)).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: "repeatVector: `times` must be a whole number of at least 1, received 0.",
      }),
    );
  });

  it("refuses what has time already", () => {
    expect(() => repeatVector(2).apply(randomTensor([2, 3, 4], 1))).toThrow(
      expect.objectContaining({
        code: "UNROLLED_SHAPE",
        message:
          "repeatVector: it reads one row a sequence, but what comes in has time; leave returnSequences out in the recurrent layer before it, " +
          "or put lastStep() between.",
      }),
    );
  });
});
