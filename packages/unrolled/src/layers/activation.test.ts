import { describe, expect, it } from "vitest";
import { activation } from "./activation.js";
import { dense } from "./dense.js";
import { sequential } from "./sequential.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";

describe("activation", () => {
  const x = [
    [-1, 0, 3],
    [2, 2, 2],
  ];

  it("applies its function number by number, and softmax along the features", () => {
    expect(activation("relu").apply(x).toArray()).toEqual([
      [0, 0, 3],
      [2, 2, 2],
    ]);
    const [tanhOf, sigmoidOf] = [activation("tanh").apply(x).data, activation("sigmoid").apply(x).data];
    for (const [index, value] of x.flat().entries()) {
      expect(tanhOf[index]).toBeCloseTo(Math.tanh(value), 6);
      expect(sigmoidOf[index]).toBeCloseTo(1 / (1 + Math.exp(-value)), 6);
    }
    const [first = 0, second = 0, third = 0, ...equal] = activation("softmax").apply(x).data;
    expect(first + second + third).toBeCloseTo(1, 6);
    expect(Math.log(third / first)).toBeCloseTo(4, 5);
    for (const value of equal) expect(value).toBeCloseTo(1 / 3, 6);
  });

  it.each(["relu", "tanh", "sigmoid", "softmax"] as const)("is the same as a dense layer's own: %s", (name) => {
    const options = { inputSize: 3, units: 4, seed: 2 };
    const [own, behind] = [sequential([dense({ ...options, activation: name })]), sequential([dense(options), activation(name)])];
    const input = randomTensor([5, 2, 3], 1);
    expect(plain(behind.apply(input))).toEqual(plain(own.apply(input)));
  });

  it("refuses a name that it doesn't know, alone and in a dense layer", () => {
    const name: string = "swish";
    const message = (layer: string) => `${layer}: \`activation\` must be one of relu, sigmoid, softmax, tanh, received "swish".`;
    expect(() => activation(name as "relu")).toThrow(
      expect.objectContaining({ code: "UNROLLED_VALUE", message: message("activation") }),
    );
    expect(() => dense({ units: 1, activation: name as "relu" })).toThrow(message("dense"));
  });
});
