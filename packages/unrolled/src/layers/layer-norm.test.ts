import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { square } from "../autograd/ops/square.js";
import { sum } from "../autograd/ops/sum.js";
import { lstm } from "./cells.js";
import { dense } from "./dense.js";
import { layerNorm } from "./layer-norm.js";
import { sequential } from "./sequential.js";
import { expectFixture, readFixtures, weightsOf } from "./testing/fixtures.js";
import { randomTensor } from "./testing/random-tensor.js";

describe("layerNorm", () => {
  it("gives PyTorch's values and gradients on every engine", () => {
    const fixture = readFixtures("layer-norm");
    expectFixture(fixture, () => {
      const layer = layerNorm({ epsilon: fixture.epsilon, inputSize: 7 });
      layer.loadStateDict(weightsOf(fixture));
      return { variables: { weight: layer.weight, bias: layer.bias }, apply: (x) => layer.apply(x) };
    });
  });

  it("begins as plain normalisation: each row has mean 0 and variance 1", () => {
    const { data } = layerNorm({ inputSize: 50 }).apply(randomTensor([3, 50], 1));
    for (let row = 0; row < 3; row++) {
      const values = Array.from(data.slice(50 * row, 50 * (row + 1)));
      expect(values.reduce((total, value) => total + value, 0) / 50).toBeCloseTo(0, 5);
      expect(values.reduce((total, value) => total + value * value, 0) / 50).toBeCloseTo(1, 3);
    }
  });

  it("takes its size from the layer before it, and passes gradients on", () => {
    const network = sequential([dense({ inputSize: 3, units: 5, seed: 1 }), layerNorm(), dense({ units: 2, seed: 2 })]);
    expect(Object.keys(Object.fromEntries(network.stateDict()))).toEqual([
      "0.weight",
      "0.bias",
      "1.weight",
      "1.bias",
      "2.weight",
      "2.bias",
    ]);
    const x = randomTensor([4, 3], 1);
    expect(checkGradients(network.parameters, () => sum(square(network.apply(x)))).largestError).toBeLessThan(1e-6);
  });

  it("leaves what stands past a sequence's end at 0", () => {
    const network = sequential([lstm({ inputSize: 2, units: 3, returnSequences: true, seed: 1 }), layerNorm()]);
    network.layers[1]?.loadStateDict({ weight: randomTensor([3], 2), bias: randomTensor([3], 3) });
    const [all, cut] = [undefined, [1, 3]].map((lengths) => {
      return network.apply(randomTensor([2, 3, 2], 4), lengths ? { lengths } : {}).data;
    });
    expect(Array.from(cut ?? []).slice(3, 9)).toEqual(Array(6).fill(0));
    expect(Array.from(cut ?? []).slice(0, 3)).toEqual(Array.from(all ?? []).slice(0, 3));
    expect(Array.from(cut ?? []).slice(9)).toEqual(Array.from(all ?? []).slice(9));
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses an epsilon of %f", (epsilon) => {
    expect(() => layerNorm({ epsilon })).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: `layerNorm: \`epsilon\` must be a finite number above 0, received ${epsilon}.`,
      }),
    );
  });

  it("says that its size is missing where it stands alone without one", () => {
    expect(() => layerNorm().apply([[1, 2]])).toThrow(
      "layerNorm: the size of its input is not known; set inputSize, or put the layer behind another in `sequential`.",
    );
  });
});
