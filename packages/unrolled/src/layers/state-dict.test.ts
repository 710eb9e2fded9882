import { describe, expect, it } from "vitest";
import { tensor } from "../tensor/create.js";
import { sizeOf } from "../tensor/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { gru, lstm, rnn } from "./cells.js";
import { dense } from "./dense.js";
import { embedding } from "./embedding.js";
import { sequential } from "./sequential.js";

/** 0, 1, 2 …, so that no two weights are alike. */
function counted(shape: readonly number[], from = 0): Tensor {
  return tensor(
    Float32Array.from({ length: sizeOf(shape) }, (_, index) => from + index),
    shape,
  );
}

const shapesOf = (weights: ReadonlyMap<string, Tensor>) =>
  Object.fromEntries(Array.from(weights, ([name, { shape }]) => [name, shape]));
const valuesOf = (weights: ReadonlyMap<string, Tensor>) =>
  Object.fromEntries(Array.from(weights, ([name, { data }]) => [name, [...data]]));

describe("stateDict", () => {
  it("names the weights of every layer as PyTorch does, with PyTorch's shapes and order", () => {
    const options = { inputSize: 3, units: 5 };
    expect(Object.entries(shapesOf(lstm({ ...options, layers: 2 }).stateDict()))).toEqual([
      ["weight_ih_l0", [20, 3]],
      ["weight_hh_l0", [20, 5]],
      ["bias_ih_l0", [20]],
      ["bias_hh_l0", [20]],
      ["weight_ih_l1", [20, 5]],
      ["weight_hh_l1", [20, 5]],
      ["bias_ih_l1", [20]],
      ["bias_hh_l1", [20]],
    ]);
    expect(shapesOf(gru(options).stateDict())).toEqual({
      weight_ih_l0: [15, 3],
      weight_hh_l0: [15, 5],
      bias_ih_l0: [15],
      bias_hh_l0: [15],
    });
    expect(shapesOf(rnn(options).stateDict())).toEqual({
      weight_ih_l0: [5, 3],
      weight_hh_l0: [5, 5],
      bias_ih_l0: [5],
      bias_hh_l0: [5],
    });
    expect(shapesOf(dense({ inputSize: 3, units: 5 }).stateDict())).toEqual({ weight: [5, 3], bias: [5] });
    expect(shapesOf(embedding({ vocabularySize: 7, units: 5 }).stateDict())).toEqual({ weight: [7, 5] });
  });

  it("puts a layer's place in front of its names in a network, as torch.nn.Sequential does", () => {
    const network = sequential([embedding({ vocabularySize: 7, units: 3 }), gru({ units: 5 }), dense({ units: 2 })]);
    expect([...network.stateDict().keys()]).toEqual([
      "0.weight",
      "1.weight_ih_l0",
      "1.weight_hh_l0",
      "1.bias_ih_l0",
      "1.bias_hh_l0",
      "2.weight",
      "2.bias",
    ]);
  });

  it("gives copies, which later changes of the weights don't touch", () => {
    const layer = dense({ inputSize: 2, units: 2, seed: 1 });
    const before = layer.stateDict();
    const values = valuesOf(before);
    layer.loadStateDict({ weight: counted([2, 2], 100), bias: counted([2], 100) });
    expect(valuesOf(before)).toEqual(values);
    before.get("weight")?.data.fill(7);
    expect([...layer.weight.read().data]).toEqual([100, 101, 102, 103]);
  });
});

describe("loadStateDict", () => {
  it("makes a network of other weights give the very same bits as the one that the weights come from", () => {
    const make = (seed: number) =>
      sequential([embedding({ vocabularySize: 7, units: 3 }), lstm({ units: 5, layers: 2 }), dense({ units: 2 })], { seed });
    const [one, other] = [make(1), make(2)];
    const x = [[0, 3, 6, 2]];
    expect(other.apply(x).data).not.toEqual(one.apply(x).data);
    other.loadStateDict(one.stateDict());
    expect(other.apply(x).data).toEqual(one.apply(x).data);
    expect(valuesOf(other.stateDict())).toEqual(valuesOf(one.stateDict()));
  });

  it("takes a record as well as a map, of float32, float64 or whole numbers", () => {
    const layer = dense({ inputSize: 2, units: 1 });
    layer.loadStateDict({ weight: tensor(Float64Array.of(0.5, 0.1), [1, 2]), bias: tensor(Int32Array.of(3), [1]) });
    expect(valuesOf(layer.stateDict())).toEqual({ weight: [0.5, Math.fround(0.1)], bias: [3] });
  });

  it("takes copies, which later changes of what was loaded don't touch", () => {
    const layer = dense({ inputSize: 2, units: 1 });
    const weight = counted([1, 2]);
    layer.loadStateDict({ weight, bias: counted([1]) });
    weight.data.fill(9);
    expect(valuesOf(layer.stateDict())).toEqual({ weight: [0, 1], bias: [0] });
  });

  it("is seen by the next pass, also where weights were packed for an earlier one", () => {
    const layer = dense({ inputSize: 2, units: 1 });
    layer.loadStateDict({ weight: counted([1, 2]), bias: counted([1]) });
    expect(layer.apply([[10, 1]]).toArray()).toEqual([[1]]);
    layer.loadStateDict({ weight: counted([1, 2], 5), bias: counted([1]) });
    expect(layer.apply([[10, 1]]).toArray()).toEqual([[56]]);
  });

  it("names every weight that is missing, of another shape or unknown, and changes none", () => {
    const network = sequential([gru({ inputSize: 3, units: 5 }), dense({ units: 2 })], { seed: 1 });
    const before = valuesOf(network.stateDict());
    const weights = network.stateDict();
    weights.delete("0.bias_hh_l0");
    weights.delete("1.bias");
    weights.set("0.weight_ih_l0", counted([15, 4]));
    weights.set("1.weight", counted([5, 2]));
    weights.set("0.weight_ih_l1", counted([15, 5]));
    weights.set("weight", counted([1]));
    weights.set("0.weight_hh_l0", counted([15, 5]));
    expect(() => network.loadStateDict(weights)).toThrow(
      expect.objectContaining({
        code: "UNROLLED_STATE_DICT",
        message:
          "network: the weights don't fit: 0.weight_ih_l0 must be [15, 3], received [15, 4]; 0.bias_hh_l0 is missing; " +
          "1.weight must be [2, 5], received [5, 2]; 1.bias is missing; 0.weight_ih_l1 is unknown; weight is unknown.",
      }),
    );
    expect(valuesOf(network.stateDict())).toEqual(before);
  });

  it("says which layer it is that stands alone", () => {
    expect(() => lstm({ inputSize: 1, units: 1 }).loadStateDict({})).toThrow(
      "lstm: the weights don't fit: weight_ih_l0 is missing; weight_hh_l0 is missing; bias_ih_l0 is missing; bias_hh_l0 is missing.",
    );
  });

  it("doesn't take what every object has for a weight", () => {
    expect(() => dense({ inputSize: 1, units: 1 }).loadStateDict(new Map([["toString", counted([1])]]))).toThrow(
      "dense: the weights don't fit: weight is missing; bias is missing; toString is unknown.",
    );
  });
});
