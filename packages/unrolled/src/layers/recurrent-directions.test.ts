import { describe, expect, it } from "vitest";
import { withEngine } from "../engine/current.js";
import { referenceEngine } from "../engine/reference-engine.js";
import type { Tensor } from "../tensor/tensor.js";
import { lstm } from "./cells.js";
import { MERGES } from "./merge.js";
import type { Recurrent } from "./recurrent.js";
import type { RecurrentOptions } from "./recurrent-options.js";
import { sequential } from "./sequential.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";
import { recurrentCells, withRandomWeights } from "./testing/recurrent-cells.js";
import { type Reading, type State, transcribe } from "./testing/transcription.js";

const [batch, time, inputSize, units] = [4, 6, 3, 5];
const lengths = [3, 6, 1, 4];
const x = randomTensor([batch, time, inputSize], 1);
const float64 = referenceEngine("float64");

describe.each(recurrentCells)("$kind", ({ make, reading }) => {
  describe.each([
    { of: "whole sequences", given: undefined },
    { of: "sequences of unequal lengths", given: lengths },
  ])("on $of", ({ given }) => {
    it.each(MERGES)("reads both ways and merges each layer of the stack by %s, as the formulas written out", (merge) => {
      expectTranscribed(make, { layers: 3, bidirectional: merge }, { ...reading, units, layers: 3, merge }, given);
    });

    it("reads from the end with goBackwards, and gives outputs in the order of reading, as the formulas written out", () => {
      expectTranscribed(make, { layers: 2, goBackwards: true }, { ...reading, units, layers: 2, goBackwards: true }, given);
    });
  });

  it("begins each direction of each layer with its own initial state, index 2·layer + direction", () => {
    withEngine(float64, () => {
      const layer = withRandomWeights(make({ inputSize, units, layers: 2, bidirectional: "sum", returnSequences: true }));
      const initial = Object.fromEntries(layer.states.map((name, index) => [name, randomTensor([4, batch, units], 20 + index)]));
      const { output } = layer.apply(x, { initialState: initial, lengths });
      const states = (sequence: number): State[] =>
        Array.from({ length: 4 }, (_, place) => {
          const [h = [], c = h] = layer.states.map((name) => nested(initial[name])[place]?.[sequence] ?? []);
          return { h, c };
        });
      const expected = sequences(lengths).map((steps, sequence) => {
        const begin = states(sequence);
        return transcribe(layer.stateDict(), steps, { ...reading, units, layers: 2, merge: "sum", begin }).outputs;
      });
      expectClose(output, padded(expected));
    });
  });

  it("with goBackwards gives for a sequence what the same layer reading forward gives for its reverse, bit for bit", () => {
    const options = { inputSize, units, layers: 2, returnSequences: true, seed: 4 };
    const reversed = nested(x).map((steps) => [...steps].reverse());
    const backward = make({ ...options, goBackwards: true }).apply(x);
    expect(plain(backward)).toEqual(plain(make(options).apply(reversed)));
  });
});

describe("bidirectional", () => {
  it.each(MERGES)("%s gives 2·units features or units features, each as the size of the next layer's input", (bidirectional) => {
    const features = bidirectional === "concat" ? 2 * units : units;
    const layer = lstm({ inputSize, units, layers: 2, bidirectional });
    expect(layer.outputSize).toBe(features);
    expect(layer.stateDict().get("weight_ih_l1_reverse")?.shape).toEqual([4 * units, features]);
    expect(layer.apply(x).output.shape).toEqual([batch, features]);
    expect(layer.apply(x).state.c.shape).toEqual([4, batch, units]);
  });

  it("names its weights as PyTorch does, the backward direction's after the forward one's", () => {
    const names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"];
    const suffixes = ["_l0", "_l0_reverse", "_l1", "_l1_reverse"];
    expect([...lstm({ inputSize, units, layers: 2, bidirectional: "concat" }).stateDict().keys()]).toEqual(
      suffixes.flatMap((suffix) => names.map((name) => name + suffix)),
    );
  });

  it("begins with other weights in each direction", () => {
    const weights = lstm({ inputSize, units, bidirectional: "concat", seed: 1 }).stateDict();
    for (const name of ["weight_ih_l0", "weight_hh_l0"]) {
      expect(plain(weights.get(`${name}_reverse`))).not.toEqual(plain(weights.get(name)));
    }
  });

  it("refuses a state of one direction only, naming what is expected", () => {
    const layer = lstm({ inputSize, units, layers: 2, bidirectional: "concat" });
    expect(() => layer.apply(x, { initialState: { h: randomTensor([2, batch, units], 1) } })).toThrow(
      expect.objectContaining({
        code: "UNROLLED_SHAPE",
        message: "lstm: state `h` must be [layers·directions, batch, units] = [4, 4, 5], received [2, 4, 5].",
      }),
    );
  });

  it.each([
    [
      { stateful: true },
      "lstm: `stateful` needs a state that the next batch goes on from, and the backward direction begins at the end; drop one.",
    ],
    [{ goBackwards: true }, "lstm: `goBackwards` has no meaning with `bidirectional`, which reads both ways already; drop one."],
  ])("is refused together with %o, saying why", (other, message) => {
    expect(() => lstm({ units, bidirectional: "sum", ...other })).toThrow(
      expect.objectContaining({ code: "UNROLLED_VALUE", message }),
    );
  });
});

describe("a stream", () => {
  it.each([{ bidirectional: "average" }, { goBackwards: true }] as const)("is refused with %o, saying why", (option) => {
    const [name] = Object.keys(option);
    expect(() => sequential([lstm({ inputSize, units, ...option })]).stream()).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: `stream: the lstm has \`${name}\`, so its first output needs the last step; apply the network to whole sequences.`,
      }),
    );
  });
});

/** Outputs of all steps, the last output and all final states are those of the formulas written out, in float64. */
function expectTranscribed(
  make: (options: RecurrentOptions) => Recurrent,
  options: Partial<RecurrentOptions>,
  reading: Reading,
  given: number[] | undefined,
): void {
  withEngine(float64, () => {
    const layer = withRandomWeights(make({ inputSize, units, ...options, returnSequences: true }));
    const last = make({ inputSize, units, ...options });
    last.loadStateDict(layer.stateDict());
    const read = given ? { lengths: given } : {};
    const { output, state } = layer.apply(x, read);
    const expected = sequences(given).map((steps) => transcribe(layer.stateDict(), steps, reading));
    expectClose(output, padded(expected.map(({ outputs }) => outputs)));
    expectClose(
      last.apply(x, read).output,
      expected.map((each) => each.last),
    );
    for (const name of layer.states as readonly ("h" | "c")[]) {
      const places = Array.from({ length: layer.layers * layer.directions }, (_, place) =>
        expected.map(({ ends }) => ends[place]?.[name] ?? []),
      );
      expectClose(state[name], places);
    }
  });
}

/** The sequences of x, each up to its end. */
function sequences(given: readonly number[] | undefined): number[][][] {
  return nested(x).map((steps, sequence) => steps.slice(0, given?.[sequence] ?? time));
}

/** With zeros past each sequence's end. */
function padded(outputs: readonly (readonly (readonly number[])[])[]): (readonly number[])[][] {
  return outputs.map((steps) => {
    const features = steps[0]?.length ?? 0;
    return [...steps, ...Array.from({ length: time - steps.length }, () => Array<number>(features).fill(0))];
  });
}

function nested(of: Tensor | undefined): number[][][] {
  return of?.toArray() as number[][][];
}

function expectClose(actual: Tensor | undefined, expected: readonly unknown[]): void {
  const numbers = expected.flat(2) as number[];
  expect(actual?.size).toBe(numbers.length);
  const differences = numbers.map((value, index) => Math.abs((actual?.data[index] ?? Number.NaN) - value));
  expect(Math.max(...differences)).toBeLessThan(1e-12);
}
