import { describe, expect, it } from "vitest";
import { evaluate, type Variable, valueAndGradients } from "../autograd/gradients.js";
import { add } from "../autograd/ops/add.js";
import { softmaxCrossEntropy } from "../autograd/ops/cross-entropy.js";
import { multiply } from "../autograd/ops/multiply.js";
import { sum } from "../autograd/ops/sum.js";
import {
  type FixtureTensor,
  type FixtureTensors,
  type PackedFixture,
  type RecurrentFixture,
  readFixtures,
} from "../cells/testing/fixtures.js";
import { withEngine } from "../engine/current.js";
import { referenceEngine } from "../engine/reference-engine.js";
import { engines } from "../engine/testing/engines.js";
import { tensor } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import { gru, type LstmOptions, lstm, rnn } from "./cells.js";
import { dense } from "./dense.js";
import { embedding } from "./embedding.js";
import type { Recurrent } from "./recurrent.js";
import { sequential } from "./sequential.js";

const recurrentFixtures: readonly RecurrentFixture[] = [
  ...readFixtures("rnn-tanh"),
  ...readFixtures("rnn-relu"),
  ...readFixtures("lstm"),
  ...readFixtures("gru"),
];

/** Sequences of unequal lengths, read in one direction and in both. */
const packedFixtures: readonly PackedFixture[] = [
  ...readFixtures("packed-rnn-tanh"),
  ...readFixtures("packed-rnn-relu"),
  ...readFixtures("packed-lstm"),
  ...readFixtures("packed-gru"),
];

/** The float32 engines, and the reference in float64. */
const precisions = [
  ...engines.map((engine) => ({ ...engine, precision: "float32" })),
  { name: "reference", precision: "float64", create: () => referenceEngine("float64") },
];

describe.each(precisions)("on the $name engine in $precision", ({ create }) => {
  const engine = create();
  // Of values the difference; of gradients the difference by the largest entry of the same gradient.
  const bound = engine.precision === "float64" ? { values: 1e-10, gradients: 1e-10 } : { values: 1e-5, gradients: 1e-4 };

  it.each(recurrentFixtures)("gives PyTorch's outputs, final states and gradients: $name", (fixture) => {
    expectPyTorchs(
      fixture,
      withEngine(engine, () => pass(fixture)),
    );
  });

  it.each(packedFixtures)("gives those of PyTorch's packed sequences of unequal lengths: $name", (fixture) => {
    const { bidirectional, lengths } = fixture;
    const own = bidirectional ? { bidirectional: "concat" as const } : {};
    expectPyTorchs(
      fixture,
      withEngine(engine, () => pass(fixture, own, lengths)),
    );
  });

  it.each(readFixtures("projection"))("gives those of PyTorch's LSTM with a projected hidden state: $name", (fixture) => {
    const { bidirectional, lengths, projectionSize } = fixture;
    const own = { projectionSize, ...(bidirectional ? { bidirectional: "concat" as const } : {}) };
    expectPyTorchs(
      fixture,
      withEngine(engine, () => pass(fixture, own, lengths)),
    );
  });

  function expectPyTorchs(fixture: RecurrentFixture, { output, state, loss, gradients }: ReturnType<typeof pass>): void {
    expect(largestDifference(output, fixture.output)).toBeLessThan(bound.values);
    expect(largestDifference(state.h, fixture.hn)).toBeLessThan(bound.values);
    if (fixture.cell === "lstm") expect(largestDifference(state.c, fixture.cn)).toBeLessThan(bound.values);
    expect(Math.abs(loss - fixture.loss) / Math.max(1, Math.abs(fixture.loss))).toBeLessThan(bound.values);

    const names = Object.keys(fixture.gradients);
    expect([...gradients.keys()].sort()).toEqual(names.sort());
    for (const name of names) {
      expect(relativeDifference(gradients.get(name), fixture.gradients[name]), name).toBeLessThan(bound.gradients);
    }
  }

  it("gives PyTorch's logits, cross-entropy and gradients of an embedding and a dense layer", () => {
    const fixture = readFixtures("cross-entropy");
    const ids = tensor(Int32Array.from(fixture.ids.data), fixture.ids.shape);
    const targets = tensor(Int32Array.from(fixture.targets.data), fixture.targets.shape);
    const { "embedding.weight": vectors, "linear.weight": weight, "linear.bias": bias } = fixture.weights;
    const { logits, value, gradients } = withEngine(engine, () => {
      const [vocabularySize = 0, units = 0] = vectors.shape;
      const network = sequential([embedding({ vocabularySize, units }), dense({ units: weight.shape[0] ?? 0 })]);
      network.loadStateDict(fromFixture({ "0.weight": vectors, "1.weight": weight, "1.bias": bias }));
      return {
        logits: evaluate(() => network.apply(ids)),
        ...valueAndGradients(network.parameters, () => softmaxCrossEntropy(network.apply(ids), targets)),
      };
    });
    expect(largestDifference(logits, fixture.logits)).toBeLessThan(bound.values);
    expect(Math.abs(value - fixture.loss)).toBeLessThan(bound.values);
    for (const [index, name] of (["embedding.weight", "linear.weight", "linear.bias"] as const).entries()) {
      expect(relativeDifference(gradients[index], fixture.gradients[name]), name).toBeLessThan(bound.gradients);
    }
  });
});

/** The fixture's network on the fixture's input: all that PyTorch computed, computed here. */
function pass(fixture: RecurrentFixture, own: Partial<LstmOptions> = {}, lengths?: readonly number[]) {
  const layer = layerOf(fixture, own);
  layer.loadStateDict(fromFixture(fixture.weights));
  const x = tensorOf(fixture.x);
  const given = fixture.h0 ? { h: tensorOf(fixture.h0) } : undefined;
  const c0 = fixture.cell === "lstm" && fixture.c0 ? { c: tensorOf(fixture.c0) } : {};
  const options = { ...(given ? { initialState: { ...given, ...c0 } } : {}), ...(lengths ? { lengths } : {}) };
  const apply = () => layer.apply(x, options);

  const variables = new Map<string, Variable>([
    ...layer.parameters.map((parameter) => [parameter.name, parameter] as const),
    ["x", x] as const,
    ...Object.entries({ ...given, ...c0 }).map(([name, state]) => [`${name}0`, state] as const),
  ]);
  const { value, gradients } = valueAndGradients([...variables.values()], () => {
    const { output, state } = apply();
    const terms = [weighted(output, fixture.lossWeights.wOut), weighted(state.h, fixture.lossWeights.wH)];
    if (fixture.cell === "lstm") terms.push(weighted(state.c, fixture.lossWeights.wC));
    return terms.reduce((total, term) => add(total, term));
  });
  const named = new Map(Array.from(variables.keys(), (name, index) => [name, gradients[index]]));
  return { ...apply(), loss: value, gradients: named };
}

function layerOf(fixture: RecurrentFixture, own: Partial<LstmOptions>): Recurrent {
  const { inputSize, units, layers } = fixture;
  const options = { inputSize, units, layers, returnSequences: true, ...own };
  if (fixture.cell === "rnn") return rnn({ ...options, activation: fixture.nonlinearity });
  return fixture.cell === "lstm" ? lstm(options) : gru(options);
}

function weighted(values: Tensor | undefined, weights: FixtureTensor): Tensor {
  return sum(multiply(values ?? [], tensorOf(weights)));
}

function tensorOf({ data, shape }: FixtureTensor): Tensor {
  return tensor(Float64Array.from(data), shape);
}

function fromFixture(tensors: FixtureTensors): Map<string, Tensor> {
  return new Map(Object.entries(tensors).map(([name, values]) => [name, tensorOf(values)]));
}

/** Infinite where the shapes differ or a number is missing. */
function largestDifference(actual: Tensor | undefined, expected: FixtureTensor): number {
  if (JSON.stringify(actual?.shape) !== JSON.stringify(expected.shape)) return Number.POSITIVE_INFINITY;
  return Math.max(...expected.data.map((value, index) => Math.abs((actual?.data[index] ?? Number.POSITIVE_INFINITY) - value)));
}

function relativeDifference(actual: Tensor | undefined, expected: FixtureTensor | undefined): number {
  if (!expected) return Number.POSITIVE_INFINITY;
  return largestDifference(actual, expected) / Math.max(...expected.data.map(Math.abs));
}
