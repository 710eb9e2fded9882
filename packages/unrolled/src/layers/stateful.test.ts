import { describe, expect, it } from "vitest";
import { evaluate, valueAndGradients } from "../autograd/gradients.js";
import { add } from "../autograd/ops/add.js";
import { matmul } from "../autograd/ops/matmul.js";
import { multiply } from "../autograd/ops/multiply.js";
import { sum } from "../autograd/ops/sum.js";
import { tanh } from "../autograd/ops/tanh.js";
import { transpose } from "../autograd/ops/transpose.js";
import { defineCell } from "../cells/own-cell.js";
import { withEngine } from "../engine/current.js";
import { referenceEngine } from "../engine/reference-engine.js";
import { engines } from "../engine/testing/engines.js";
import type { Tensor } from "../tensor/tensor.js";
import { gru, lstm, recurrent } from "./cells.js";
import { dense } from "./dense.js";
import { sequential } from "./sequential.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";
import { recurrentCells, withRandomWeights } from "./testing/recurrent-cells.js";

const options = { inputSize: 3, units: 5, layers: 2, seed: 4 };
const x = randomTensor([3, 7, 3], 1);
/** Three batches which are one long one. */
const cuts = [
  [0, 2],
  [2, 3],
  [3, 7],
] as const;

describe.each(recurrentCells)("a stateful $kind", ({ make }) => {
  it.each(engines)("gives over several batches the bits of one long run: $name", ({ create }) => {
    withEngine(create(), () => {
      const whole = make({ ...options, returnSequences: true }).apply(x);
      const layer = make({ ...options, returnSequences: true, stateful: true });
      const parts = cuts.map(([from, to]) => layer.apply(steps(x, from, to)));
      expect(joined(parts.map(({ output }) => output))).toEqual(whole.output.toArray());
      expect(plain(parts.at(-1)?.state)).toEqual(plain(whole.state));
    });
  });

  it("begins at 0 first, after reset(), and never where it is not stateful", () => {
    const layer = make({ ...options, stateful: true });
    const first = plain(layer.apply(x));
    expect(plain(layer.apply(x))).not.toEqual(first);
    layer.reset();
    expect(plain(layer.apply(x))).toEqual(first);
    const stateless = make(options);
    expect(plain(stateless.apply(x))).toEqual(first);
    expect(plain(stateless.apply(x))).toEqual(first);
  });

  it("goes on from each sequence's own last step", () => {
    const layer = make({ ...options, returnSequences: true, stateful: true });
    const lengths = [2, 4, 1];
    layer.apply(x, { lengths });
    const { output } = layer.apply(steps(x, 4, 7));
    const expected = lengths.map((length, sequence) => {
      const of = nested(x)[sequence] ?? [];
      const run = nested(make({ ...options, returnSequences: true }).apply([[...of.slice(0, length), ...of.slice(4)]]).output);
      return run[0]?.slice(length);
    });
    expect(output.toArray()).toEqual(expected);
  });

  it("begins with the states that it is given instead, and goes on from where those led", () => {
    const layer = make({ ...options, stateful: true });
    const initialState = Object.fromEntries(layer.states.map((name, index) => [name, randomTensor([2, 3, 5], 7 + index)]));
    layer.apply(x);
    const given = layer.apply(x, { initialState });
    const next = layer.apply(x);
    const stateless = make(options);
    expect(plain(given)).toEqual(plain(stateless.apply(x, { initialState })));
    expect(plain(next)).toEqual(plain(stateless.apply(x, { initialState: given.state })));
  });

  it("sends no gradient back into the batch before", () => {
    const layer = withRandomWeights(make({ ...options, stateful: true }));
    const stateless = withRandomWeights(make(options));
    layer.apply(steps(x, 0, 3));
    const before = stateless.apply(steps(x, 0, 3)).state;
    const later = steps(x, 3, 7);
    const carried = valueAndGradients(layer.parameters, () => sum(layer.apply(later).output));
    const given = valueAndGradients(stateless.parameters, () => sum(stateless.apply(later, { initialState: before }).output));
    expect(plain(carried)).toEqual(plain(given));
  });

  it("reads backwards batch by batch, going on from the batch before", () => {
    const layer = make({ ...options, goBackwards: true, stateful: true });
    const stateless = make({ ...options, goBackwards: true });
    const first = layer.apply(x);
    expect(plain(layer.apply(x))).toEqual(plain(stateless.apply(x, { initialState: first.state })));
  });
});

it("a stateful cell of one's own sends the gradients of the step that it took, not of the states that it left", () => {
  const cell = defineCell({
    name: "squared",
    parameters: ({ inputSize, units }) => ({ W: [units, inputSize], U: [units, units] }),
    state: ({ units }) => ({ s: [units] }),
    step: (input, { s }, { W, U }) => {
      const next = tanh(add(matmul(input, transpose(W)), multiply(matmul(s, transpose(U)), s)));
      return { output: next, state: { s: next } };
    },
  });
  const layer = recurrent(cell, { ...options, stateful: true });
  const stateless = recurrent(cell, options);
  const { state } = layer.apply(x);
  const carried = valueAndGradients(layer.parameters, () => sum(layer.apply(x).output));
  const given = valueAndGradients(stateless.parameters, () => sum(stateless.apply(x, { initialState: state }).output));
  expect(plain(carried)).toEqual(plain(given));
});

describe("stateful", () => {
  it("with another number of sequences is refused until reset(), which the error says", () => {
    const layer = lstm({ ...options, stateful: true });
    layer.apply(x);
    const fewer = nested(x).slice(0, 2);
    expect(() => layer.apply(fewer)).toThrow(
      expect.objectContaining({
        code: "UNROLLED_SHAPE",
        message: "lstm: it is stateful and carries states of 3 sequences, received 2; call reset() first.",
      }),
    );
    layer.reset();
    expect(layer.apply(fewer).output.shape).toEqual([2, 5]);
  });

  it("keeps its states where a batch is refused", () => {
    const [layer, other] = [lstm({ ...options, stateful: true }), lstm({ ...options, stateful: true })];
    layer.apply(x);
    other.apply(x);
    expect(() => layer.apply(x, { lengths: [1] })).toThrow();
    expect(() => layer.apply(x, { initialState: { h: [1] } })).toThrow();
    expect(plain(layer.apply(x))).toEqual(plain(other.apply(x)));
  });

  it("carries the same states, whatever engine works on what", () => {
    const [home, away] = [referenceEngine("float64"), referenceEngine("float64")];
    const layer = withEngine(home, () => lstm({ ...options, stateful: true }));
    const expected = withEngine(home, () => lstm({ ...options, stateful: true }));
    const run = (of: typeof layer, on: typeof home) => withEngine(on, () => plain(evaluate(() => of.apply(x))));
    for (const on of [home, away, away, home]) expect(run(layer, on)).toEqual(run(expected, home));
  });

  it("in a network lets each such layer go on, the others begin anew, and reset() resets all", () => {
    const make = (stateful: boolean) =>
      sequential(
        [lstm({ inputSize: 3, units: 4, returnSequences: true, stateful }), gru({ units: 5, returnSequences: true, stateful })],
        { seed: 1 },
      );
    const whole = make(false).apply(x);
    const network = make(true);
    const run = () => cuts.map(([from, to]) => network.apply(steps(x, from, to)));
    expect(joined(run())).toEqual(whole.toArray());
    network.reset();
    expect(joined(run())).toEqual(whole.toArray());

    const mixed = sequential([lstm({ inputSize: 3, units: 4, returnSequences: true, stateful: true }), gru({ units: 5 })], {
      seed: 1,
    });
    const first = mixed.applyWithState(x);
    const again = mixed.applyWithState(x);
    const [ofLstm = { h: x }] = first.state;
    const zeros = { h: randomTensor([1, 3, 5], 1) };
    zeros.h.data.fill(0);
    mixed.reset();
    expect(plain(again)).toEqual(plain(mixed.applyWithState(x, [ofLstm, zeros])));
    expect(plain(again)).not.toEqual(plain(first));
  });

  it("in a network is refused for another number of sequences, and the network goes on as if it had not been asked", () => {
    const make = () => sequential([lstm({ ...options, stateful: true }), dense({ units: 2 })], { seed: 1 });
    const [network, other] = [make(), make()];
    network.apply(x);
    other.apply(x);
    expect(() => network.apply(nested(x).slice(0, 1))).toThrow(
      "lstm: it is stateful and carries states of 3 sequences, received 1; call reset() first.",
    );
    expect(plain(network.apply(x))).toEqual(plain(other.apply(x)));
  });

  it("leaves streams alone: they have states of their own", () => {
    const make = () => sequential([lstm({ ...options, stateful: true })], { seed: 1 });
    const [network, other] = [make(), make()];
    network.apply(x);
    expect(network.stream().step([1, 2, 3])).toEqual(other.stream().step([1, 2, 3]));
  });
});

function nested(of: Tensor): number[][][] {
  return of.toArray() as number[][][];
}

function steps(of: Tensor, from: number, to: number): number[][][] {
  return nested(of).map((sequence) => sequence.slice(from, to));
}

/** The stretches of each sequence, one after another. */
function joined(parts: readonly Tensor[]): number[][][] {
  const [first = [], ...rest] = parts.map(nested);
  return first.map((stretch, sequence) => [...stretch, ...rest.flatMap((part) => part[sequence] ?? [])]);
}
