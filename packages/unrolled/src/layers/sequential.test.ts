import { describe, expect, it } from "vitest";
import { withEngine } from "../engine/current.js";
import { referenceEngine } from "../engine/reference-engine.js";
import { tensor } from "../tensor/create.js";
import type { NestedNumbers, Tensor } from "../tensor/tensor.js";
import { activation } from "./activation.js";
import { gru, lstm, rnn } from "./cells.js";
import { dense } from "./dense.js";
import { dropout } from "./dropout.js";
import { embedding } from "./embedding.js";
import type { Layer } from "./layer.js";
import { sequential } from "./sequential.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";

describe("sequential", () => {
  it("gives what its layers give one after another", () => {
    const layers = () =>
      [
        embedding({ vocabularySize: 7, units: 3, seed: 1 }),
        gru({ inputSize: 3, units: 5, layers: 2, returnSequences: true, seed: 2 }),
        lstm({ inputSize: 5, units: 4, seed: 3 }),
        dense({ inputSize: 4, units: 2, activation: "tanh", seed: 4 }),
      ] as const;
    const x = [
      [1, 5, 0],
      [2, 2, 6],
    ];
    const [first, second, third, last] = layers();
    const alone = last.apply(third.apply(second.apply(first.apply(x)).output).output);
    const network = sequential(layers());
    for (const [index, layer] of [first, second, third, last].entries()) network.layers[index]?.loadStateDict(layer.stateDict());
    expect(plain(network.apply(x))).toEqual(plain(alone));
  });

  it("gives each layer the size of what the one before gives", () => {
    const network = sequential([
      embedding({ vocabularySize: 7, units: 3 }),
      dropout(0.1),
      rnn({ units: 5, returnSequences: true }),
      activation("relu"),
      dense({ units: 4 }),
      dense({ units: 2 }),
    ]);
    expect(network.parameters.map(({ name, shape }) => [name, shape])).toEqual([
      ["weight", [7, 3]],
      ["weight_ih_l0", [5, 3]],
      ["weight_hh_l0", [5, 5]],
      ["bias_ih_l0", [5]],
      ["bias_hh_l0", [5]],
      ["weight", [4, 5]],
      ["bias", [4]],
      ["weight", [2, 4]],
      ["bias", [2]],
    ]);
    expect(network.parameterCount).toBe(21 + 15 + 25 + 10 + 24 + 10);
    expect(network.apply([[0, 1, 2]]).shape).toEqual([1, 3, 2]);
  });

  it("has the same weights for the same seed, others for another, and no two layers alike", () => {
    const weights = (seed: number) =>
      sequential([dense({ inputSize: 4, units: 4 }), dense({ units: 4 })], { seed }).parameters.map(({ read }, index, all) =>
        [...(read.call(all[index]) as Tensor).data].join(),
      );
    expect(weights(7)).toEqual(weights(7));
    expect(weights(8)).not.toEqual(weights(7));
    expect(weights(7)[0]).not.toEqual(weights(7)[2]);
  });

  it("tells the seed that it took where none was given", () => {
    const network = sequential([dense({ inputSize: 4, units: 4 })]);
    const again = sequential([dense({ inputSize: 4, units: 4 })], { seed: network.seed });
    expect(plain(again.apply([[1, 2, 3, 4]]))).toEqual(plain(network.apply([[1, 2, 3, 4]])));
  });

  it("continues from states that it gave with the very bits of one long run", () => {
    const network = sequential([
      embedding({ vocabularySize: 7, units: 3 }),
      lstm({ units: 5, layers: 2, returnSequences: true }),
      gru({ units: 4, returnSequences: true }),
      dense({ units: 2 }),
    ]);
    const whole = network.applyWithState([[1, 5, 0, 2, 6]]);
    const first = network.applyWithState([[1, 5]]);
    const second = network.applyWithState([[0, 2, 6]], first.state);
    expect([...first.output.data, ...second.output.data]).toEqual([...whole.output.data]);
    expect(plain(second.state)).toEqual(plain(whole.state));
    expect(whole.state.map(({ h, c }) => [h?.shape, c?.shape])).toEqual([
      [
        [2, 1, 5],
        [2, 1, 5],
      ],
      [[1, 1, 4], undefined],
    ]);
    expect(plain(network.apply([[1, 5, 0, 2, 6]]))).toEqual(plain(whole.output));
  });
});

describe("sequential refuses", () => {
  it.each<[what: string, layers: () => Layer[], code: string, message: string]>([
    ["no layer", () => [], "UNROLLED_VALUE", "sequential: expected at least one layer, received none."],
    [
      "the same layer twice",
      () => {
        const layer = dense({ inputSize: 2, units: 2 });
        return [layer, layer];
      },
      "UNROLLED_VALUE",
      "sequential: the same dense layer stands in it twice.",
    ],
    [
      "an embedding behind another layer",
      () => [dense({ inputSize: 2, units: 2 }), embedding({ vocabularySize: 3, units: 2 })],
      "UNROLLED_VALUE",
      "sequential: embedding after dense: an embedding reads indices and can only stand first.",
    ],
    [
      "an input size that the layer before doesn't give",
      () => [embedding({ vocabularySize: 3, units: 2 }), gru({ inputSize: 4, units: 2 })],
      "UNROLLED_SHAPE",
      "gru: inputSize is 4, but the layer before gives 2 features; leave inputSize out.",
    ],
    [
      "a layer that was made for another input size",
      () => {
        const made = dense({ inputSize: 4, units: 2 });
        made.stateDict();
        return [embedding({ vocabularySize: 3, units: 2 }), made];
      },
      "UNROLLED_SHAPE",
      "sequential: dense after embedding: it was made for 4 features and receives 2; leave inputSize out.",
    ],
    [
      "a recurrent layer behind one that gives only its last step",
      () => [lstm({ inputSize: 2, units: 2 }), gru({ units: 2 })],
      "UNROLLED_VALUE",
      "sequential: gru after lstm: it reads every step, but the lstm before gives only the last; set its returnSequences: true.",
    ],
    [
      "the same with other layers in between",
      () => [lstm({ inputSize: 2, units: 2 }), dense({ units: 2 }), dropout(0.5), gru({ units: 2 })],
      "UNROLLED_VALUE",
      "sequential: gru after dropout: it reads every step, but the lstm before gives only the last; set its returnSequences: true.",
    ],
    [
      "a first layer whose input size isn't known",
      () => [lstm({ units: 2 })],
      "UNROLLED_VALUE",
      "lstm: the size of its input is not known; set inputSize, or put the layer behind another in `sequential`.",
    ],
    [
      "dropout as the first layer",
      () => [dropout(0.5), dense({ inputSize: 2, units: 2 })],
      "UNROLLED_VALUE",
      "dropout: it can't be a network's first layer; put it behind another.",
    ],
    [
      "an activation as the first layer",
      () => [activation("tanh")],
      "UNROLLED_VALUE",
      "activation: it can't be a network's first layer; put it behind another.",
    ],
    [
      "layers that were made on different engines",
      () => {
        const made = dense({ inputSize: 2, units: 2 });
        withEngine(referenceEngine(), () => made.stateDict());
        return [embedding({ vocabularySize: 3, units: 2 }), made];
      },
      "UNROLLED_VALUE",
      "sequential: dense after embedding: its weights are on another engine; make all layers of a network on one.",
    ],
  ])("%s", (_what, layers, code, message) => {
    expect(() => sequential(layers())).toThrow(expect.objectContaining({ code, message }));
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])("%f as a seed", (seed) => {
    expect(() => sequential([dense({ inputSize: 2, units: 2 })], { seed })).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: `seed: expected a whole number from 0 to 9007199254740991, received ${seed}.`,
      }),
    );
  });

  it.each<[what: string, first: () => Layer, x: NestedNumbers | Tensor, code: string, message: string]>([
    [
      "features where the first layer reads indices",
      () => embedding({ vocabularySize: 3, units: 2 }),
      [[0.5, 1]],
      "UNROLLED_DTYPE",
      "embedding: x: indices must be whole numbers from 0 to 2, received 0.5 at position 0.",
    ],
    [
      "an index outside of the vocabulary",
      () => embedding({ vocabularySize: 3, units: 2 }),
      tensor(Int32Array.of(0, 3), [1, 2]),
      "UNROLLED_INDEX",
      "embedding: x: indices must be whole numbers from 0 to 2, received 3 at position 1.",
    ],
    [
      "sequences without a step",
      () => embedding({ vocabularySize: 3, units: 2 }),
      [[], []],
      "UNROLLED_SHAPE",
      "embedding: `x` must have at least one sequence and one step, received [2, 0].",
    ],
    [
      "another number of features",
      () => dense({ inputSize: 2, units: 2 }),
      randomTensor([1, 4, 3], 1),
      "UNROLLED_SHAPE",
      "dense: `x` must be [batch, 2] or [batch, time, 2], received [1, 4, 3]; set inputSize: 3 or feed 2 features.",
    ],
    [
      "indices without time in front of a recurrent layer",
      () => embedding({ vocabularySize: 3, units: 2 }),
      [0, 1],
      "UNROLLED_SHAPE",
      "gru: it reads sequences, but `x` has no time; feed [batch, time, …].",
    ],
    [
      "features without time in front of a recurrent layer",
      () => dense({ inputSize: 2, units: 2 }),
      [[0, 1]],
      "UNROLLED_SHAPE",
      "gru: it reads sequences, but `x` has no time; feed [batch, time, …].",
    ],
  ])("to run on %s", (_what, first, x, code, message) => {
    const network = sequential([first(), gru({ units: 2 })]);
    expect(() => network.apply(x)).toThrow(expect.objectContaining({ code, message }));
    expect(() => network.applyWithState(x)).toThrow(expect.objectContaining({ code, message }));
  });

  it("states of another shape, or of a layer that isn't there", () => {
    const network = sequential([lstm({ inputSize: 2, units: 3 })]);
    const x = randomTensor([4, 5, 2], 1);
    expect(() => network.applyWithState(x, [{ h: randomTensor([1, 3, 3], 1) }])).toThrow(
      "lstm: state `h` must be [layers, batch, units] = [1, 4, 3], received [1, 3, 3].",
    );
    const state = { h: randomTensor([1, 4, 3], 1), c: randomTensor([1, 4, 3], 1) };
    expect(() => network.applyWithState(x, [state, state])).toThrow(
      expect.objectContaining({
        code: "UNROLLED_SHAPE",
        message: "state: expected those of 1 recurrent layer, received 2.",
      }),
    );
  });
});
