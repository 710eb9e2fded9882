import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { add } from "../autograd/ops/add.js";
import { multiply } from "../autograd/ops/multiply.js";
import { sum } from "../autograd/ops/sum.js";
import { MERGES } from "./merge.js";
import type { RecurrentOptions } from "./recurrent-options.js";
import { randomTensor } from "./testing/random-tensor.js";
import { fusedCells, withRandomWeights } from "./testing/recurrent-cells.js";

const lengths = [2, 4, 1];
const [batch, time, inputSize, units] = [lengths.length, 5, 3, 4];
const x = randomTensor([batch, time, inputSize], 1);

/** Each kind of dropout on its own, and all at once. */
const dropouts: readonly Partial<RecurrentOptions>[] = [
  { dropout: 0.4 },
  { inputDropout: 0.4 },
  { recurrentDropout: 0.4 },
  { weightDropout: 0.4 },
  { zoneout: 0.4 },
  { dropout: 0.2, inputDropout: 0.3, recurrentDropout: 0.3, weightDropout: 0.2, zoneout: 0.3 },
];

const ways: readonly Partial<RecurrentOptions>[] = [{ goBackwards: true }, { bidirectional: "concat" }];

describe.each(fusedCells)("$kind, unequal lengths: the derivatives are those of finite differences", ({ make }) => {
  it.each(MERGES)("read both ways and merged by %s", (bidirectional) => {
    expect(largestError({ bidirectional })).toBeLessThan(1e-7);
  });

  it("read backwards", () => {
    expect(largestError({ goBackwards: true })).toBeLessThan(1e-7);
  });

  it("of the last output alone", () => {
    expect(largestError({ bidirectional: "mul", returnSequences: false })).toBeLessThan(1e-7);
  });

  it.each(dropouts.flatMap((options) => ways.map((way) => ({ ...options, ...way }))))("with %o", (options) => {
    expect(largestError(options)).toBeLessThan(1e-7);
  });

  it.each(dropouts)("of whole sequences with %o", (options) => {
    expect(largestError({ ...options, bidirectional: "average" }, false)).toBeLessThan(1e-7);
  });

  /** For a loss on all outputs and all final states, by all weights, x and all initial states. */
  function largestError(options: Partial<RecurrentOptions>, unequal = true): number {
    const layer = withRandomWeights(make({ inputSize, units, layers: 2, returnSequences: true, seed: 2, ...options }));
    const places = 2 * layer.directions;
    const initial = layer.states.map((name, index) => [name, randomTensor([places, batch, units], 10 + index)] as const);
    const ofOutput = randomTensor([batch, ...(layer.returnSequences ? [time] : []), layer.outputSize], 20);
    const ofStates = layer.states.map((_, index) => randomTensor([places, batch, units], 30 + index));
    const variables = [...layer.parameters, x, ...initial.map(([, value]) => value)];
    const loss = () => {
      const given = { initialState: Object.fromEntries(initial), ...(unequal ? { lengths } : {}) };
      const { output, state } = layer.apply(x, given);
      const terms = layer.states.map((name, index) => sum(multiply(state[name] ?? Number.NaN, ofStates[index] ?? Number.NaN)));
      return terms.reduce((total, term) => add(total, term), sum(multiply(output, ofOutput)));
    };
    // a short step, so that hardly a relu turns over between the two points of a difference
    return checkGradients(variables, loss, { step: 1e-6, entries: 4 }).largestError;
  }
});
