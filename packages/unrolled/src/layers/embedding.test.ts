import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { valueAndGradients } from "../autograd/gradients.js";
import { square } from "../autograd/ops/square.js";
import { sum } from "../autograd/ops/sum.js";
import { tensor } from "../tensor/create.js";
import type { NestedNumbers, Tensor } from "../tensor/tensor.js";
import { sgd } from "../training/optimizers/sgd.js";
import { embedding } from "./embedding.js";
import { type Sequential, sequential } from "./sequential.js";

describe("embedding", () => {
  const layer = embedding({ vocabularySize: 4, units: 2, seed: 1 });
  const rows = layer.stateDict().get("weight")?.toArray() as number[][];

  it("gives the vector of each index, for a batch of indices and for a batch of sequences of them", () => {
    expect(layer.apply([3, 0, 3]).toArray()).toEqual([rows[3], rows[0], rows[3]]);
    expect(
      layer
        .apply([
          [3, 0],
          [1, 2],
        ])
        .toArray(),
    ).toEqual([
      [rows[3], rows[0]],
      [rows[1], rows[2]],
    ]);
  });

  it("takes whole numbers of any type", () => {
    for (const indices of [Int32Array.of(2, 1), Float32Array.of(2, 1), Float64Array.of(2, 1)]) {
      expect(layer.apply(tensor(indices)).toArray()).toEqual([rows[2], rows[1]]);
    }
  });

  it.each<[what: string, x: NestedNumbers | Tensor, code: string, message: string]>([
    ["above the vocabulary", [[0, 4]], "UNROLLED_INDEX", "whole numbers from 0 to 3, received 4 at position 1."],
    ["below 0", [[0], [-1]], "UNROLLED_INDEX", "whole numbers from 0 to 3, received -1 at position 1."],
    ["with a fraction", [0.5], "UNROLLED_DTYPE", "whole numbers from 0 to 3, received 0.5 at position 0."],
    ["that is NaN", [1, Number.NaN], "UNROLLED_DTYPE", "whole numbers from 0 to 3, received NaN at position 1."],
  ])("refuses an index %s, naming its position", (_what, x, code, message) => {
    expect(() => layer.apply(x)).toThrow(expect.objectContaining({ code, message: `embedding: x: indices must be ${message}` }));
  });

  it("refuses what is neither [batch] nor [batch, time], and what is empty", () => {
    const error = (message: string) => expect.objectContaining({ code: "UNROLLED_SHAPE", message });
    expect(() => layer.apply([[[1]]])).toThrow(error("embedding: `x` must be [batch] or [batch, time], received [1, 1, 1]."));
    expect(() => layer.apply(1)).toThrow(error("embedding: `x` must be [batch] or [batch, time], received []."));
    expect(() => layer.apply([[]])).toThrow(
      error("embedding: `x` must have at least one sequence and one step, received [1, 0]."),
    );
  });

  it("begins with normal numbers of standard deviation 0.1, the same for the same seed alone", () => {
    const values = (seed: number) => [...embedding({ vocabularySize: 200, units: 50, seed }).weight.read().data];
    const all = values(1);
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    const deviation = Math.sqrt(all.reduce((sum, value) => sum + (value - mean) ** 2, 0) / all.length);
    expect(mean).toBeCloseTo(0, 2);
    expect(deviation).toBeCloseTo(0.1, 2);
    expect(all.filter((value) => Math.abs(value) > 0.2).length / all.length).toBeCloseTo(0.0455, 2);
    expect(values(1)).toEqual(all);
    expect(values(2)).not.toEqual(all);
  });

  describe("with vectors", () => {
    const given = new Map(Array.from({ length: 20 }, (_, index) => [3 * index, Float32Array.of(index - 9, 2 * (9 - index))]));

    it("begins with them, and draws the others at their scale", () => {
      const layer = embedding({ vocabularySize: 2000, units: 2, vectors: given, seed: 1 });
      const rows = layer.weight.read().toArray() as number[][];
      for (const [index, vector] of given) expect(rows[index]).toEqual([...vector]);
      const others = rows.filter((_, index) => !given.has(index)).flat();
      const deviation = (values: readonly number[]) => {
        const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
        return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
      };
      expect(deviation(others) / deviation([...given.values()].flatMap((vector) => [...vector]))).toBeCloseTo(1, 1);
      expect(others).not.toEqual(
        (embedding({ vocabularySize: 2000, units: 2, vectors: given, seed: 2 }).weight.read().toArray() as number[][])
          .filter((_, index) => !given.has(index))
          .flat(),
      );
    });

    it("tunes them, or leaves them as they are with trainable: false", () => {
      for (const trainable of [true, false]) {
        const network = sequential([embedding({ vocabularySize: 60, units: 2, vectors: given, trainable })], { seed: 1 });
        const { gradients } = valueAndGradients(network.parameters, () => sum(network.apply([0, 3])));
        expect(Array.from(gradients[0]?.data ?? []).some((value) => value !== 0)).toBe(trainable);
        sgd({ learningRate: 1 }).update(network.parameters, gradients);
        expect((network.apply([[3]]).toArray() as number[][][])[0]?.[0]).toEqual(trainable ? [-9, 15] : [-8, 16]);
      }
    });

    it.each<[index: number, vector: number[], received: string]>([
      [60, [1, 2], "2 numbers for index 60."],
      [-1, [1, 2], "2 numbers for index -1."],
      [0, [1], "1 numbers for index 0."],
      [0, [1, Number.NaN], "2 numbers for index 0."],
    ])("refuses for index %d the vector %j", (index, vector, received) => {
      expect(() => embedding({ vocabularySize: 60, units: 2, vectors: new Map([[index, vector]]) })).toThrow(
        expect.objectContaining({
          code: "UNROLLED_VALUE",
          message: `embedding: \`vectors\` must have 2 finite numbers for indices from 0 to 59, received ${received}`,
        }),
      );
    });
  });

  describe("with dropout", () => {
    const [vocabularySize, units] = [40, 3];
    const ids = [
      Array.from({ length: vocabularySize }, (_, id) => id),
      Array.from({ length: vocabularySize }, (_, id) => 39 - id),
    ];

    /** In training: by sequence and step, the factor of each feature. */
    function factors(network: Sequential): number[][][] {
      const outputs: unknown[] = [];
      valueAndGradients(network.parameters, () => {
        const output = network.apply(ids);
        outputs.push(output.toArray());
        return sum(output);
      });
      return outputs[0] as number[][][];
    }

    function networkOfOnes(rate: number): Sequential {
      const network = sequential([embedding({ vocabularySize, units, dropout: rate })], { seed: 3 });
      network.loadStateDict({ "0.weight": tensor(new Float32Array(vocabularySize * units).fill(1), [vocabularySize, units]) });
      return network;
    }

    it("drops whole words, the same everywhere in the batch, and others in the next step", () => {
      const network = networkOfOnes(0.5);
      const [first = [], second = []] = factors(network);
      expect([...second].reverse()).toEqual(first);
      for (const word of first) expect(["0,0,0", "2,2,2"]).toContain(String(word));
      const kept = first.filter(([factor]) => factor !== 0).length;
      expect(Math.abs(kept - vocabularySize / 2)).toBeLessThan(15);
      expect(factors(network)[0]).not.toEqual(first);
      expect(factors(networkOfOnes(0.5))[0]).toEqual(first);
    });

    it("does nothing outside of training", () => {
      expect(new Set(networkOfOnes(0.5).apply(ids).data)).toEqual(new Set([1]));
    });

    it("has the right gradient, and none for a word that is dropped", () => {
      const network = sequential([embedding({ vocabularySize, units, dropout: 0.5 })], { seed: 3 });
      const loss = () => sum(square(network.apply(ids)));
      expect(checkGradients(network.parameters, loss).largestError).toBeLessThan(1e-7);
      const { gradients } = valueAndGradients(network.parameters, () => sum(network.apply(ids)));
      const [first = []] = factors(networkOfOnes(0.5));
      const expected = first.flatMap((word) => word.map((factor) => 2 * factor));
      expect(Array.from(gradients[0]?.data ?? [])).toEqual(expected);
    });
  });
});
