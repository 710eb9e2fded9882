import { describe, expect, it } from "vitest";
import { tensor } from "../tensor/create.js";
import type { NestedNumbers, Tensor } from "../tensor/tensor.js";
import { embedding } from "./embedding.js";

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
});
