import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { add } from "../autograd/ops/add.js";
import { multiply } from "../autograd/ops/multiply.js";
import { sum } from "../autograd/ops/sum.js";
import { gru, lstm, rnn } from "../layers/cells.js";
import type { Recurrent } from "../layers/recurrent.js";
import { randomTensor } from "../layers/testing/random-tensor.js";
import type { Tensor } from "../tensor/tensor.js";

const options = { inputSize: 3, units: 4, returnSequences: true, seed: 1 };
const cells: readonly [cell: string, layer: Recurrent][] = [
  ["rnn with tanh", rnn(options)],
  ["rnn with relu", rnn({ ...options, activation: "relu" })],
  ["lstm", lstm(options)],
  ["gru", gru(options)],
];

// Two steps or more, and weights in front of each number of the loss, so that no two of them are alike.
const x = randomTensor([2, 5, 3], 2);
const weights = randomTensor([2, 5, 4], 3);
const ofState = randomTensor([1, 2, 4], 4);

describe.each(cells)("scan of %s", (_cell, layer) => {
  const initial = new Map(layer.states.map((name, index) => [name, randomTensor([1, 2, 4], 5 + index)]));
  const variables = [...layer.parameters, x, ...initial.values()];
  const apply = () => layer.apply(x, { initialState: Object.fromEntries(initial) });
  const weighed = (values: Tensor | undefined, by: Tensor) => sum(multiply(values ?? 0, by));

  it("has the derivatives that finite differences give, for a loss on the outputs of all steps", () => {
    expect(checkGradients(variables, () => weighed(apply().output, weights)).largestError).toBeLessThan(1e-8);
  });

  it.each(layer.states)("has them for a loss on the final state %s alone", (name) => {
    expect(checkGradients(variables, () => weighed(apply().state[name], ofState)).largestError).toBeLessThan(1e-8);
  });

  it("has them for a loss on everything that it gives", () => {
    const loss = () => {
      const { output, state } = apply();
      return layer.states.reduce((total, name) => add(total, weighed(state[name], ofState)), weighed(output, weights));
    };
    expect(checkGradients(variables, loss).largestError).toBeLessThan(1e-8);
  });

  it("has them through its own state, fed back by hand", () => {
    const loss = () => {
      const first = apply();
      return weighed(layer.apply(x, { initialState: first.state }).output, weights);
    };
    expect(checkGradients(variables, loss).largestError).toBeLessThan(1e-8);
  });
});
