import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { valueAndGradients } from "../autograd/gradients.js";
import { square } from "../autograd/ops/square.js";
import { sum } from "../autograd/ops/sum.js";
import { gru, lstm } from "./cells.js";
import { dense } from "./dense.js";
import { dropout } from "./dropout.js";
import { embedding } from "./embedding.js";
import { layerNorm } from "./layer-norm.js";
import { meanOverTime } from "./pooling.js";
import { repeatVector } from "./repeat-vector.js";
import { residual } from "./residual.js";
import { sequential } from "./sequential.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";

describe("residual", () => {
  it("adds what its layers give to what they read", () => {
    const inner = dense({ inputSize: 3, units: 3, seed: 1 });
    const x = randomTensor([4, 3], 1);
    const expected = Array.from(inner.apply(x).data, (value, at) => Math.fround(value + (x.data[at] as number)));
    expect(Array.from(residual(inner).apply(x).data)).toEqual(expected);
  });

  it("has the right gradients around a recurrent layer with unequal lengths, by weights and input", () => {
    const block = residual([
      layerNorm({ inputSize: 3 }),
      gru({ units: 5, returnSequences: true, seed: 1 }),
      dense({ units: 3, seed: 2 }),
    ]);
    const x = randomTensor([3, 4, 3], 1);
    const loss = () => sum(square(block.apply(x, { lengths: [2, 4, 1] })));
    expect(checkGradients([...block.parameters, x], loss).largestError).toBeLessThan(1e-6);
    expect(Array.from(block.apply(x, { lengths: [2, 4, 1] }).data).slice(6, 12)).toEqual(Array(6).fill(0));
  });

  it("names its weights as torch.nn.Sequential does, and takes them over", () => {
    const make = (seed: number) => residual([dense({ inputSize: 2, units: 3, seed }), dense({ units: 2, seed: seed + 1 })]);
    const [one, other] = [make(1), make(5)];
    expect([...one.stateDict().keys()]).toEqual(["0.weight", "0.bias", "1.weight", "1.bias"]);
    other.loadStateDict(one.stateDict());
    expect(plain(other.apply([[1, 2]]))).toEqual(plain(one.apply([[1, 2]])));
    expect(() => other.loadStateDict({})).toThrow("residual: the weights don't fit: 0.weight is missing;");
  });

  it("gives layers inside it weights and masks of their own, the same for the same seed", () => {
    const make = (seed: number) =>
      sequential([dense({ inputSize: 4, units: 4 }), residual([dense({ units: 4 }), dropout(0.5)]), dropout(0.5)], { seed });
    const weights = (seed: number) => make(seed).parameters.map((parameter) => [...parameter.read().data]);
    const [outer, , inner] = weights(1);
    expect(inner).not.toEqual(outer);
    expect(weights(1)).toEqual(weights(1));
    expect(weights(2)).not.toEqual(weights(1));
    expect(make(1).randomStreams.map(({ key, stream }) => [...key, stream])).toHaveLength(2);
    expect(new Set(make(1).randomStreams.map(({ key, stream }) => String([...key, stream]))).size).toBe(2);
    const x = randomTensor([5, 4], 1);
    const trained = (seed: number) => {
      const network = make(seed);
      return valueAndGradients(network.parameters, () => sum(square(network.apply(x)))).value;
    };
    expect(trained(1)).toBe(trained(1));
  });

  it("refuses layers that give another number of features than they read", () => {
    expect(() => sequential([dense({ inputSize: 2, units: 4 }), residual(dense({ units: 3 }))])).toThrow(
      expect.objectContaining({
        code: "UNROLLED_SHAPE",
        message:
          "residual: x + f(x) needs as many features on both sides; f reads 4 and gives 3; end it with a layer of 4 units.",
      }),
    );
  });

  it.each([
    { name: "lstm", make: () => lstm({ inputSize: 3, units: 3 }), mend: "set its returnSequences: true" },
    { name: "meanOverTime", make: meanOverTime, mend: "put it outside" },
    { name: "repeatVector", make: () => repeatVector(2), mend: "put it outside" },
  ])("refuses a layer that gives other steps than it reads: $name", ({ name, make, mend }) => {
    expect(() => residual([make()])).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: `residual: x + f(x) needs every step on both sides, but the ${name} in it gives others than it reads; ${mend}.`,
      }),
    );
  });

  it("refuses no layer, the same twice, and an embedding", () => {
    const twice = dense({ units: 2 });
    expect(() => residual([])).toThrow("residual: expected at least one layer, received none.");
    expect(() => residual([twice, twice])).toThrow("residual: the same dense layer stands in it twice.");
    expect(() => residual(embedding({ vocabularySize: 3, units: 2 })).parameters).toThrow(
      "residual: an embedding reads indices, to which nothing can be added; put it before.",
    );
  });
});
