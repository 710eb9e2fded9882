import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { type Variable, valueAndGradients } from "../autograd/gradients.js";
import { add } from "../autograd/ops/add.js";
import { linear } from "../autograd/ops/linear.js";
import { multiply } from "../autograd/ops/multiply.js";
import { sigmoid } from "../autograd/ops/sigmoid.js";
import { slice } from "../autograd/ops/slice.js";
import { subtract } from "../autograd/ops/subtract.js";
import { sum } from "../autograd/ops/sum.js";
import { tanh } from "../autograd/ops/tanh.js";
import { defineCell } from "../cells/own-cell.js";
import { withEngine } from "../engine/current.js";
import { referenceEngine } from "../engine/reference-engine.js";
import { engines } from "../engine/testing/engines.js";
import { tensor } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import { lstm, recurrent } from "./cells.js";
import { dense } from "./dense.js";
import { embedding } from "./embedding.js";
import type { Recurrent } from "./recurrent.js";
import type { RecurrentOptions } from "./recurrent-options.js";
import { sequential } from "./sequential.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";
import { withRandomWeights } from "./testing/recurrent-cells.js";

const [batch, time, inputSize, units] = [4, 5, 3, 5];
const lengths = [3, 5, 1, 3];
const x = randomTensor([batch, time, inputSize], 1);

/** Zhou et al. 2016: f = σ(W_f x + U_f h' + b_f), n = tanh(W_n x + U_n (f⊙h') + b_n), h = (1−f)⊙h' + f⊙n. */
const minimalGatedUnit = defineCell({
  name: "minimalGatedUnit",
  parameters: ({ inputSize: I, units: H }) => ({
    W_f: [H, I],
    U_f: { shape: [H, H], start: "orthogonal" },
    b_f: { shape: [H], start: "ones" },
    W_n: [H, I],
    U_n: { shape: [H, H], start: "orthogonal" },
    b_n: [H],
  }),
  state: ({ units: H }) => ({ h: [H] }),
  step: (input, { h }, { W_f, U_f, b_f, W_n, U_n, b_n }) => {
    const none = tensor(new Float32Array(h.shape[1] ?? 0));
    const f = sigmoid(add(linear(input, W_f, b_f), linear(h, U_f, none)));
    const n = tanh(add(linear(input, W_n, b_n), linear(multiply(f, h), U_n, none)));
    const next = add(h, multiply(f, subtract(n, h)));
    return { output: next, state: { h: next } };
  },
});

/** The built-in LSTM once more, with its names. */
const writtenOutLstm = defineCell({
  name: "writtenOutLstm",
  parameters: ({ inputSize: I, units: H }) => ({
    weight_ih: [4 * H, I],
    weight_hh: [4 * H, H],
    bias_ih: [4 * H],
    bias_hh: [4 * H],
  }),
  state: ({ units: H }) => ({ h: [H], c: [H] }),
  step: (input, { h, c }, { weight_ih, weight_hh, bias_ih, bias_hh }) => {
    const a = add(linear(input, weight_ih, bias_ih), linear(h, weight_hh, bias_hh));
    const size = h.shape[1] ?? 0;
    const gate = (index: number) => slice(a, 1, index * size, (index + 1) * size);
    const next = add(multiply(sigmoid(gate(1)), c), multiply(sigmoid(gate(0)), tanh(gate(2))));
    const output = multiply(sigmoid(gate(3)), tanh(next));
    return { output, state: { h: output, c: next } };
  },
});

/** A running mean of what it reads: another state than h, an output that is no state and has another size than units. */
const meanCell = defineCell({
  name: "mean",
  parameters: ({ inputSize: I, units: H }) => ({ W: [H, I], V: { shape: [2, H], start: "glorot" } }),
  state: ({ units: H }) => ({ total: [H], count: [1] }),
  outputSize: () => 2,
  step: (input, { total, count }, { W, V }) => {
    const next = add(total, linear(input, W, tensor(new Float32Array(W.shape[0] ?? 0))));
    const counted = add(count, 1);
    const mean = multiply(next, subtract(2, multiply(counted, 0.1)));
    return { output: linear(tanh(mean), V, [0, 0]), state: { total: next, count: counted } };
  },
});

const ownCells: readonly { readonly name: string; readonly make: (options: RecurrentOptions) => Recurrent }[] = [
  { name: "a minimal gated unit", make: (options) => recurrent(minimalGatedUnit, options as RecurrentOptions<"h">) },
  { name: "an LSTM written out", make: (options) => recurrent(writtenOutLstm, options as RecurrentOptions<"h" | "c">) },
  { name: "a cell with other states and outputs", make: (options) => recurrent(meanCell, options as RecurrentOptions<never>) },
];

const ways: readonly [string, Partial<RecurrentOptions>][] = [
  ["one layer", {}],
  ["two layers", { layers: 2 }],
  ["two layers both ways", { layers: 2, bidirectional: "concat" }],
  ["both ways summed", { bidirectional: "sum" }],
  ["read backwards", { goBackwards: true }],
  ["two layers with dropout and inputDropout", { layers: 2, dropout: 0.3, inputDropout: 0.3 }],
];

describe.each(ownCells)("$name of one's own", ({ make }) => {
  it.each(ways)("has the gradients of finite differences, for unequal lengths and initial states: %s", (_way, own) => {
    const { variables, loss } = problemOf(withRandomWeights(make({ inputSize, units, seed: 2, returnSequences: true, ...own })));
    const check = checkGradients(variables, loss, { entries: 4 });
    expect(check.largestError, JSON.stringify(check.worst)).toBeLessThan(1e-7);
  });

  it.each(ways)("gives each sequence the bits that it gets alone and unpadded: %s", (_way, own) => {
    for (const returnSequences of [true, false]) {
      const layer = make({ inputSize, units, seed: 2, returnSequences, ...own });
      const together = layer.apply(x, { lengths });
      for (const [sequence, length] of lengths.entries()) {
        const alone = layer.apply([nested(x)[sequence]?.slice(0, length) ?? []]);
        const [output] = alone.output.toArray() as number[][][];
        const zeros = Array.from({ length: returnSequences ? time - length : 0 }, () => Array(layer.outputSize).fill(0));
        expect((together.output.toArray() as unknown[])[sequence]).toEqual([...(output ?? []), ...zeros]);
        for (const name of layer.states) {
          const of = (state: Tensor | undefined, index: number) => nested(state).map((place) => place[index]);
          expect(of(together.state[name], sequence)).toEqual(of(alone.state[name], 0));
        }
      }
    }
  });

  it.each(engines)("streams the very bits of the batched run, on the $name engine", ({ create }) => {
    withEngine(create(), () => {
      const layers = [make({ inputSize, units, layers: 2, returnSequences: true }), dense({ units: 5 })];
      const network = sequential(layers, { seed: 1 });
      const batched = network.apply(x).toArray() as number[][][];
      for (const [index, sequence] of nested(x).entries()) {
        const stream = network.stream();
        expect(sequence.map((features) => [...stream.step(features)])).toEqual(batched[index]);
      }
    });
  });

  it("with goBackwards gives what it gives for the reverse", () => {
    const options = { inputSize, units, layers: 2, seed: 4, returnSequences: true };
    const reversed = nested(x).map((steps) => [...steps].reverse());
    expect(plain(make({ ...options, goBackwards: true }).apply(x))).toEqual(plain(make(options).apply(reversed)));
  });

  it("stateful, gives over two batches the bits of one long run, and begins anew after reset()", () => {
    const options = { inputSize, units, layers: 2, seed: 4, returnSequences: true };
    const whole = make(options).apply(x);
    const layer = make({ ...options, stateful: true });
    const halves = [nested(x).map((steps) => steps.slice(0, 2)), nested(x).map((steps) => steps.slice(2))];
    const [first, second] = halves.map((half) => nested(layer.apply(half).output));
    expect(first?.map((steps, sequence) => [...steps, ...(second?.[sequence] ?? [])])).toEqual(whole.output.toArray());
    layer.reset();
    expect(nested(layer.apply(halves[0] ?? []).output)).toEqual(first);
  });

  it("computes the same in a network that is loaded from the weights of another", () => {
    const network = (seed: number) =>
      sequential([make({ inputSize, units, layers: 2, bidirectional: "concat", returnSequences: true }), dense({ units: 2 })], {
        seed,
      });
    const [one, other] = [network(1), network(2)];
    expect(plain(other.apply(x))).not.toEqual(plain(one.apply(x)));
    other.loadStateDict(one.stateDict());
    expect(plain(other.apply(x))).toEqual(plain(one.apply(x)));
  });

  it("stands behind an embedding and is trained with it", () => {
    const layers = [embedding({ vocabularySize: 7, units: 3 }), make({ units }), dense({ units: 2 })];
    const network = sequential(layers, { seed: 1 });
    const { gradients } = valueAndGradients(network.parameters, () => sum(network.apply([[0, 3, 6]])));
    for (const gradient of gradients) expect(gradient.data.some((value) => value !== 0)).toBe(true);
  });

  it.each([{ recurrentDropout: 0.5 }, { weightDropout: 0.5 }, { zoneout: 0.5 }])(
    "refuses %o, which acts inside a cell",
    (own) => {
      const [option] = Object.keys(own);
      expect(() => make({ inputSize, units, ...own })).toThrow(
        expect.objectContaining({
          code: "UNROLLED_VALUE",
          message: expect.stringContaining(`\`${option}\` acts inside the built-in cells; write it into the cell's own step.`),
        }),
      );
    },
  );
});

describe("an LSTM written out as a cell of one's own", () => {
  it.each(ways)("gives the built-in one's values, states and gradients: %s", (_way, own) => {
    const tested = [
      { name: "float64", tolerance: 1e-12, engine: referenceEngine("float64") },
      ...engines.map(({ name, create }) => ({ name, tolerance: 1e-5, engine: create() })),
    ];
    for (const { name, tolerance, engine } of tested) {
      withEngine(engine, () => {
        const options = { inputSize, units, seed: 3, returnSequences: true, ...own };
        const [mine, builtIn] = [recurrent(writtenOutLstm, options), lstm(options)].map((layer) => {
          const { variables, loss } = problemOf(withRandomWeights(layer));
          const { value, gradients } = valueAndGradients(variables, loss);
          const { output, state } = layer.apply(x, { lengths });
          return [tensor([value]), output, state.h, state.c, ...gradients];
        });
        for (const [index, expected] of (builtIn ?? []).entries()) {
          expect(mine?.[index]?.shape).toEqual(expected?.shape);
          const differences = Array.from(expected?.data ?? [], (value, at) =>
            Math.abs((mine?.[index]?.data[at] ?? Number.NaN) - value),
          );
          expect(Math.max(...differences), `result ${index} on ${name}`).toBeLessThan(tolerance * 10);
        }
      });
    }
  });

  it("takes over the built-in one's weights by their names", () => {
    const options = { inputSize, units, layers: 2, bidirectional: "concat" } as const;
    const [mine, builtIn] = [recurrent(writtenOutLstm, options), lstm({ ...options, seed: 5 })];
    expect([...mine.stateDict().keys()]).toEqual([...builtIn.stateDict().keys()]);
    mine.loadStateDict(builtIn.stateDict());
    expect(plain(mine.stateDict())).toEqual(plain(builtIn.stateDict()));
  });
});

describe("the parameters of a cell of one's own", () => {
  it("are named as the cell names them, with the suffix of layer and direction", () => {
    const layer = recurrent(minimalGatedUnit, { inputSize, units, layers: 2, bidirectional: "sum" });
    const names = ["W_f", "U_f", "b_f", "W_n", "U_n", "b_n"];
    const suffixes = ["_l0", "_l0_reverse", "_l1", "_l1_reverse"];
    expect([...layer.stateDict().keys()]).toEqual(suffixes.flatMap((suffix) => names.map((name) => name + suffix)));
    expect(layer.stateDict().get("W_f_l1")?.shape).toEqual([units, units]);
  });

  it("begin as they are told: orthogonal, ones, Glorot uniform for other matrices and 0 for the rest", () => {
    const weights = recurrent(minimalGatedUnit, { inputSize, units, seed: 1 }).stateDict();
    const U = weights.get("U_f_l0")?.toArray() as number[][];
    for (const [i, row] of U.entries()) {
      for (const [j, other] of U.entries()) {
        const dot = row.reduce((total, value, k) => total + value * (other[k] ?? 0), 0);
        expect(dot).toBeCloseTo(i === j ? 1 : 0, 5);
      }
    }
    expect([...(weights.get("b_f_l0")?.data ?? [])]).toEqual(Array(units).fill(1));
    expect([...(weights.get("b_n_l0")?.data ?? [])]).toEqual(Array(units).fill(0));
    const W = weights.get("W_f_l0")?.data ?? [];
    expect(Math.max(...Array.from(W, Math.abs))).toBeLessThanOrEqual(Math.sqrt(6 / (inputSize + units)));
    expect(new Set(W).size).toBe(inputSize * units);
  });

  it.each<[string, { shape: readonly number[]; start: "glorot" | "orthogonal" }, string]>([
    ["orthogonal", { shape: [2, 3], start: "orthogonal" }, "[2, 3]"],
    ["glorot", { shape: [4], start: "glorot" }, "[4]"],
  ])("can't begin as %s in another shape, which the error says", (start, W, shape) => {
    const cell = defineCell({
      name: "wrong",
      parameters: () => ({ W }),
      state: ({ units: H }) => ({ h: [H] }),
      step: (_input, { h }) => ({ output: h, state: { h } }),
    });
    expect(() => recurrent(cell, { inputSize, units }).parameters).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: `defineCell: a parameter of shape ${shape} can't begin as ${start}; give it start: "zeros" or "ones".`,
      }),
    );
  });
});

describe("a cell that doesn't do what it says is refused", () => {
  const outside = tensor([[1, 2]]);
  type Step = (h: Tensor) => { output: Tensor; state: { h: Tensor } };
  it.each<[what: string, step: (h: Tensor) => unknown, message: string]>([
    [
      "an output of another size",
      (h) => ({ output: slice(h, 1, 0, 1), state: { h } }),
      "wrong: step must give an `output` of [1, 2], received [1, 1].",
    ],
    [
      "a state of another size",
      (h) => ({ output: h, state: { h: slice(h, 1, 0, 1) } }),
      "wrong: step must give a state `h` of [1, 2], received [1, 1].",
    ],
    ["a missing state", (h) => ({ output: h, state: {} }), "wrong: step must give a state `h` of [1, 2], received undefined."],
    ["no state", (h) => ({ output: h }), "wrong: step must give a state `h` of [1, 2], received undefined."],
    ["no output", (h) => ({ state: { h } }), "wrong: step must give an `output` of [1, 2], received undefined."],
    ["nothing", () => undefined, "wrong: step must give { output, state }, received undefined."],
    [
      "a promise",
      async (h) => ({ output: h, state: { h } }),
      "wrong: step must give { output, state }, received a promise; a step is synchronous.",
    ],
    [
      "an output that was not made in the step",
      (h) => ({ output: outside, state: { h } }),
      "wrong: step must give an `output` of [1, 2] made by ops, received a tensor from outside of the step.",
    ],
    [
      "a state that the cell doesn't have",
      (h) => ({ output: h, state: { h, c: h } }),
      "wrong: step must give the states h, received also c.",
    ],
  ])("%s", (_what, step, message) => {
    const wrong = defineCell({
      name: "wrong",
      parameters: () => ({}),
      state: ({ units: H }) => ({ h: [H] }),
      step: (_input, { h }) => (step as Step)(h),
    });
    expect(() => recurrent(wrong, { inputSize: 1, units: 2 }).apply([[[1]]])).toThrow(
      expect.objectContaining({ code: "UNROLLED_SHAPE", message }),
    );
  });

  it("without a name", () => {
    const definition = { ...minimalGatedUnit, name: "" };
    expect(() => defineCell(definition)).toThrow(
      expect.objectContaining({ code: "UNROLLED_VALUE", message: "defineCell: `name` must not be empty." }),
    );
  });

  it.each(["parameters", "state", "step"] as const)("without `%s`", (name) => {
    const definition = { ...minimalGatedUnit, [name]: undefined };
    expect(() => defineCell(definition as never)).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: `defineCell: \`${name}\` must be a function, received undefined.`,
      }),
    );
  });
});

/** A loss in which every output and every final state counts, and all that it depends on. */
function problemOf(layer: Recurrent): { variables: Variable[]; loss: () => Tensor } {
  const places = layer.layers * layer.directions;
  const initialState = Object.fromEntries(
    layer.states.map((name, index) => [name, randomTensor([places, batch, layer.stateSize(name)], 20 + index)]),
  );
  const loss = () => {
    const { output, state } = layer.apply(x, { initialState, lengths });
    const terms = [output, ...Object.values<Tensor>(state)].map((value, index) =>
      sum(multiply(value, randomTensor(value.shape, 40 + index))),
    );
    return terms.reduce((total, term) => add(total, term));
  };
  return { variables: [...layer.parameters, x, ...Object.values(initialState)], loss };
}

function nested(of: Tensor | undefined): number[][][] {
  return of?.toArray() as number[][][];
}
