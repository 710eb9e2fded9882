import { describe, expect, it } from "vitest";
import { evaluate, valueAndGradients } from "../autograd/gradients.js";
import { sum } from "../autograd/ops/sum.js";
import { withEngine } from "../engine/current.js";
import { engines } from "../engine/testing/engines.js";
import { tensor } from "../tensor/create.js";
import type { Tensor, TensorData } from "../tensor/tensor.js";
import { gru, lstm, rnn } from "./cells.js";
import type { Recurrent } from "./recurrent.js";
import type { RecurrentOptions } from "./recurrent-options.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";

const cells: readonly { readonly kind: string; readonly make: (options: RecurrentOptions) => Recurrent }[] = [
  { kind: "rnn with tanh", make: rnn },
  { kind: "rnn with relu", make: (options) => rnn({ ...options, activation: "relu" }) },
  { kind: "lstm", make: lstm },
  { kind: "gru", make: gru },
];

describe.each(cells)("$kind", ({ make }) => {
  it("gives the last step of what it gives for all steps where returnSequences is not set", () => {
    const options = { inputSize: 3, units: 5, layers: 2, seed: 4 };
    const x = randomTensor([2, 4, 3], 1);
    const all = make({ ...options, returnSequences: true }).apply(x).output;
    const last = make(options).apply(x);
    expect(all.shape).toEqual([2, 4, 5]);
    expect(last.output.shape).toEqual([2, 5]);
    expect(last.output.toArray()).toEqual((all.toArray() as number[][][]).map((steps) => steps.at(-1)));
    const ends = last.state.h?.toArray() as number[][][] | undefined;
    expect(ends?.[1]).toEqual(last.output.toArray());
  });

  it.each(engines)("continues from a state it gave with the very bits of one long run: $name", ({ create }) => {
    withEngine(create(), () => {
      const layer = make({ inputSize: 3, units: 5, layers: 2, returnSequences: true, seed: 4 });
      const x = randomTensor([2, 7, 3], 1);
      const whole = layer.apply(x);
      const first = layer.apply(stepsOf(x, 0, 3));
      const second = layer.apply(stepsOf(x, 3, 7), { initialState: first.state });
      expect(joined(first.output, second.output)).toEqual(whole.output.toArray());
      expect(plain(second.state)).toEqual(plain(whole.state));
    });
  });

  it.each(engines)("gives each sequence the bits that it gets alone, whatever runs beside it: $name", ({ create }) => {
    withEngine(create(), () => {
      const layer = make({ inputSize: 3, units: 9, layers: 2, returnSequences: true, seed: 4 });
      const x = randomTensor([9, 4, 3], 1);
      const together = layer.apply(x).output.toArray() as number[][][];
      const alone = (x.toArray() as number[][][]).map((sequence) => layer.apply([sequence]).output.toArray());
      expect(alone).toEqual(together.map((sequence) => [sequence]));
    });
  });

  it("takes missing states as zeros, with the very same bits", () => {
    const layer = make({ inputSize: 3, units: 5, layers: 2, seed: 4 });
    const x = randomTensor([2, 4, 3], 1);
    const zeros = tensor(new Float32Array(2 * 2 * 5), [2, 2, 5]);
    const state = Object.fromEntries(layer.states.map((name) => [name, zeros]));
    expect(plain(layer.apply(x, { initialState: state }))).toEqual(plain(layer.apply(x)));
    expect(plain(layer.apply(x, { initialState: {} }))).toEqual(plain(layer.apply(x)));
  });

  it("leaves the states that it is given as they are", () => {
    const layer = make({ inputSize: 3, units: 5, seed: 4 });
    const h = randomTensor([1, 2, 5], 2);
    const before = [...h.data];
    layer.apply(randomTensor([2, 4, 3], 1), { initialState: { h } });
    expect([...h.data]).toEqual(before);
  });

  it.each(engines)("lets a NaN of the input through, to the sequence that it is in alone: $name", ({ create }) => {
    withEngine(create(), () => {
      const layer = make({ inputSize: 3, units: 5, layers: 2, seed: 4 });
      const x = randomTensor([2, 4, 3], 1);
      const clean = layer.apply(x).output.toArray() as number[][];
      x.data[1] = Number.NaN;
      const [poisoned, other] = layer.apply(x).output.toArray() as number[][];
      expect(poisoned).toEqual(Array(5).fill(Number.NaN));
      expect(other).toEqual(clean[1]);
    });
  });

  it("begins with an orthogonal recurrent block for each gate", () => {
    const units = 6;
    const layer = make({ inputSize: 3, units, layers: 2, seed: 4 });
    const blocks = ["weight_hh_l0", "weight_hh_l1"].flatMap((name) => {
      const rows = layer.stateDict().get(name)?.toArray() as number[][];
      return Array.from({ length: rows.length / units }, (_, gate) => rows.slice(gate * units, (gate + 1) * units));
    });
    for (const block of blocks) {
      for (const [i, row] of block.entries()) {
        for (const [j, other] of block.entries()) expect(dot(row, other)).toBeCloseTo(i === j ? 1 : 0, 5);
      }
    }
    expect(new Set(blocks.map((block) => JSON.stringify(block))).size).toBe(blocks.length);
  });

  it("begins with Glorot-uniform input blocks: within √(6 / (inputs + units)), spread over all of it", () => {
    const [inputSize, units] = [40, 60];
    const values = make({ inputSize, units, seed: 4 }).stateDict().get("weight_ih_l0")?.data ?? [];
    const limit = Math.sqrt(6 / (inputSize + units));
    const deviation = Math.sqrt(dot([...values], [...values]) / values.length);
    expect(Math.max(...values)).toBeLessThanOrEqual(limit);
    expect(Math.max(...values)).toBeGreaterThan(0.99 * limit);
    expect(Math.min(...values)).toBeLessThan(-0.99 * limit);
    expect(deviation / (limit / Math.sqrt(3))).toBeCloseTo(1, 1);
  });

  it("begins with the same weights for the same seed, and others for another", () => {
    const weights = (seed: number) => dataOf(make({ inputSize: 3, units: 5, layers: 2, seed }));
    expect(weights(7)).toEqual(weights(7));
    for (const name of ["weight_ih_l0", "weight_hh_l0", "weight_ih_l1", "weight_hh_l1"]) {
      expect(weights(8).get(name)).not.toEqual(weights(7).get(name));
    }
    expect(dataOf(make({ inputSize: 3, units: 5 })).get("weight_hh_l0")).not.toEqual(
      dataOf(make({ inputSize: 3, units: 5 })).get("weight_hh_l0"),
    );
  });

  it("drops between its layers in training alone, and never in front of the first or behind the last", () => {
    const layer = make({ inputSize: 3, units: 64, layers: 2, dropout: 0.9, returnSequences: true, seed: 4 });
    const without = make({ inputSize: 3, units: 64, layers: 2, returnSequences: true, seed: 4 });
    const x = randomTensor([1, 4, 3], 1);
    const expected = without.apply(x);
    expect(plain(layer.apply(x))).toEqual(plain(expected));
    expect(plain(evaluate(() => layer.apply(x)))).toEqual(plain(expected));

    const { output, state } = inTraining(layer, x);
    expect(state.slice(0, 64)).toEqual(expected.state.h?.data.slice(0, 64));
    expect(state.slice(64)).not.toEqual(expected.state.h?.data.slice(64));
    expect(output.slice(-64)).toEqual(state.slice(64));
  });
});

it("dropout drops independently between each two of several layers", () => {
  const units = 400;
  const layer = rnn({ inputSize: units, units, layers: 3, dropout: 0.5, activation: "relu", seed: 4 });
  // Each layer gives what it reads, so that what is left of a 1 tells how many masks let it through.
  const identity = Float32Array.from({ length: units ** 2 }, (_, index) => (index % (units + 1) === 0 ? 1 : 0));
  const square = (values: Float32Array) => tensor(values, [units, units]);
  const weights = Array.from(layer.stateDict(), ([name, { shape }]): [string, Tensor] => {
    if (name.startsWith("weight_ih")) return [name, square(identity)];
    return [name, tensor(new Float32Array(shape.length === 2 ? units ** 2 : units), shape)];
  });
  layer.loadStateDict(new Map(weights));
  const { output } = inTraining(layer, tensor(new Float32Array(units).fill(1), [1, 1, units]));
  const kept = output.filter((value) => value !== 0);
  expect(new Set(kept)).toEqual(new Set([4]));
  // Five standard deviations of a quarter of 400.
  expect(Math.abs(kept.length / units - 0.25)).toBeLessThan(0.11);
});

describe("the biases", () => {
  it("of an lstm begin with 1 in the forget gate's b_ih and 0 elsewhere, so that they add up to 1", () => {
    const layer = lstm({ inputSize: 3, units: 2, layers: 2 });
    for (const name of ["bias_ih_l0", "bias_ih_l1"]) {
      expect([...(layer.stateDict().get(name)?.data ?? [])]).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
    }
    for (const name of ["bias_hh_l0", "bias_hh_l1"]) {
      expect([...(layer.stateDict().get(name)?.data ?? [])]).toEqual(Array(8).fill(0));
    }
  });

  it.each([gru, rnn])("of any other cell begin at 0", (make) => {
    const weights = make({ inputSize: 3, units: 2 }).stateDict();
    expect([...(weights.get("bias_ih_l0")?.data ?? [1])].every((value) => value === 0)).toBe(true);
    expect([...(weights.get("bias_hh_l0")?.data ?? [1])].every((value) => value === 0)).toBe(true);
  });
});

describe("apply", () => {
  const layer = lstm({ inputSize: 8, units: 5, layers: 2 });
  const x = randomTensor([4, 10, 8], 1);
  const shape = (...lengths: number[]) => randomTensor(lengths, 1);

  it.each<[what: string, input: Tensor, message: string]>([
    ["too few axes", shape(10, 8), "lstm: `x` must be [batch, time, 8], received [10, 8]."],
    ["too many axes", shape(1, 4, 10, 8), "lstm: `x` must be [batch, time, 8], received [1, 4, 10, 8]."],
    ["a single number", shape(), "lstm: `x` must be [batch, time, 8], received []."],
    [
      "another number of features",
      shape(4, 10, 6),
      "lstm: `x` must be [batch, time, 8], received [4, 10, 6]; set inputSize: 6 or feed 8 features.",
    ],
    ["no sequence", shape(0, 10, 8), "lstm: `x` must have at least one sequence and one step, received [0, 10, 8]."],
    ["no step", shape(4, 0, 8), "lstm: `x` must have at least one sequence and one step, received [4, 0, 8]."],
  ])("refuses an input with %s", (_what, input, message) => {
    expect(() => layer.apply(input)).toThrow(expect.objectContaining({ code: "UNROLLED_SHAPE", message }));
  });

  it("refuses a state of another shape, naming it", () => {
    for (const name of ["h", "c"] as const) {
      expect(() => layer.apply(x, { initialState: { [name]: shape(2, 3, 5) } })).toThrow(
        expect.objectContaining({
          code: "UNROLLED_SHAPE",
          message: `lstm: state \`${name}\` must be [layers, batch, units] = [2, 4, 5], received [2, 3, 5].`,
        }),
      );
    }
  });

  it("refuses a state that the cell doesn't have, and an option that apply doesn't have", () => {
    const states = { h: shape(1, 4, 5), c: shape(1, 4, 5) };
    expect(() => gru({ inputSize: 8, units: 5 }).apply(x, { initialState: states })).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: "gru: initialState: there is no option `c`; the options are h.",
      }),
    );
    const misspelt: object = { initialStates: states };
    expect(() => layer.apply(x, misspelt)).toThrow(
      "lstm.apply: there is no option `initialStates`; the options are initialState, lengths.",
    );
  });

  it("needs to know the size of its input before it has weights", () => {
    expect(() => lstm({ units: 5 }).parameters).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: "lstm: the size of its input is not known; set inputSize, or put the layer behind another in `sequential`.",
      }),
    );
  });

  it("takes nested arrays as it takes a tensor", () => {
    expect(plain(layer.apply(x.toArray()))).toEqual(plain(layer.apply(x)));
  });

  it("reads one sequence of one step", () => {
    expect(layer.apply(shape(1, 1, 8)).output.shape).toEqual([1, 5]);
  });
});

function stepsOf(x: Tensor, from: number, to: number): number[][][] {
  return (x.toArray() as number[][][]).map((sequence) => sequence.slice(from, to));
}

/** Both stretches of each sequence, one after the other. */
function joined(first: Tensor, second: Tensor): number[][][] {
  const rest = second.toArray() as number[][][];
  return (first.toArray() as number[][][]).map((steps, sequence) => [...steps, ...(rest[sequence] ?? [])]);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((total, value, index) => total + value * (b[index] ?? 0), 0);
}

function dataOf(layer: Recurrent): Map<string, TensorData> {
  return new Map(Array.from(layer.stateDict(), ([name, { data }]) => [name, data]));
}

/** Output and hidden states of a pass in which dropout acts. */
function inTraining(layer: Recurrent, x: Tensor): { output: TensorData; state: TensorData } {
  const seen: { output: TensorData; state: TensorData }[] = [];
  valueAndGradients(layer.parameters, () => {
    const { output, state } = layer.apply(x);
    seen.push({ output: output.data, state: state.h?.data ?? new Float32Array() });
    return sum(output);
  });
  return seen[0] as { output: TensorData; state: TensorData };
}
