import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { type Variable, valueAndGradients } from "../autograd/gradients.js";
import { add } from "../autograd/ops/add.js";
import { multiply } from "../autograd/ops/multiply.js";
import { sum } from "../autograd/ops/sum.js";
import { gruVariantCell } from "../cells/gru-variants.js";
import { lstmVariantCell } from "../cells/lstm-variants.js";
import { withEngine } from "../engine/current.js";
import { referenceEngine } from "../engine/reference-engine.js";
import { engines } from "../engine/testing/engines.js";
import type { Tensor } from "../tensor/tensor.js";
import { type GruOptions, gru, type LstmOptions, lstm } from "./cells.js";
import { dense } from "./dense.js";
import { Recurrent } from "./recurrent.js";
import type { RecurrentOptions } from "./recurrent-options.js";
import { sequential } from "./sequential.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";
import { withRandomWeights } from "./testing/recurrent-cells.js";
import { transcribeVariant, type VariantReading } from "./testing/variant-transcription.js";

const [batch, time, inputSize, units] = [3, 4, 3, 5];
const lengths = [3, 4, 1];
const x = randomTensor([batch, time, inputSize], 1);
const float64 = referenceEngine("float64");

type LstmVariant = Pick<LstmOptions, "layerNormalization" | "peepholes" | "projectionSize" | "coupledGates" | "cellClip">;
type GruVariant = Pick<GruOptions, "resetAfter" | "layerNormalization">;

const lstmVariants: readonly LstmVariant[] = [
  { layerNormalization: true },
  { peepholes: true },
  { projectionSize: 2 },
  { coupledGates: true },
  { cellClip: 0.3 },
  { peepholes: true, coupledGates: true },
  { layerNormalization: true, projectionSize: 3, cellClip: 0.5 },
  { layerNormalization: true, peepholes: true, projectionSize: 2, coupledGates: true, cellClip: 0.3 },
];
const gruVariants: readonly GruVariant[] = [
  { resetAfter: false },
  { layerNormalization: true },
  { resetAfter: false, layerNormalization: true },
];

interface Variant {
  readonly name: string;
  readonly reading: VariantReading;
  readonly make: (options: RecurrentOptions) => Recurrent;
}

const variants: readonly Variant[] = [
  ...lstmVariants.map((own) => ({
    name: `lstm ${JSON.stringify(own)}`,
    reading: { cell: "lstm" as const, units, ...own },
    make: (options: RecurrentOptions) => lstm({ ...options, ...own }),
  })),
  ...gruVariants.map((own) => ({
    name: `gru ${JSON.stringify(own)}`,
    reading: { cell: "gru" as const, units, ...own },
    make: (options: RecurrentOptions) => gru({ ...options, ...own }),
  })),
];

describe.each(variants)("$name", ({ make, reading }) => {
  it.each([
    { way: "one layer forward", bothWays: false, layers: 1 },
    { way: "two layers forward", bothWays: false, layers: 2 },
    { way: "two layers both ways", bothWays: true, layers: 2 },
  ])("gives what its formulas written out give, for unequal lengths and initial states: $way", ({ bothWays, layers }) => {
    const options = {
      inputSize,
      units,
      layers,
      returnSequences: true,
      ...(bothWays ? { bidirectional: "concat" as const } : {}),
    };
    const exact = { name: "float64", tolerance: 1e-12, engine: float64 };
    const tested = engines.map(({ name, create }) => ({ name, tolerance: 1e-5, engine: create() }));
    for (const { name, tolerance, engine } of [exact, ...tested]) {
      withEngine(engine, () => {
        const layer = withRandomWeights(make(options));
        const initialState = statesFor(layer);
        const { output, state } = layer.apply(x, { initialState, lengths });
        const places = layer.layers * layer.directions;
        const expected = lengths.map((length, sequence) => {
          const begin = Array.from({ length: places }, (_, place) => {
            const [h = [], c = h] = layer.states.map((each) => nested(initialState[each])[place]?.[sequence] ?? []);
            return { h, c };
          });
          const steps = nested(x)[sequence]?.slice(0, length) ?? [];
          return transcribeVariant(layer.stateDict(), steps, { ...reading, layers, bothWays, begin });
        });
        const padding = (length: number) => Array.from({ length: time - length }, () => Array(layer.outputSize).fill(0));
        const outputs = expected.map(({ outputs }) => [...outputs, ...padding(outputs.length)]);
        expect(largestDifference(output, outputs), `output on ${name}`).toBeLessThan(tolerance);
        for (const each of layer.states as readonly ("h" | "c")[]) {
          const ends = Array.from({ length: places }, (_, place) => expected.map((one) => one.ends[place]?.[each] ?? []));
          expect(largestDifference(state[each], ends), `${each} on ${name}`).toBeLessThan(tolerance);
        }
      });
    }
  });

  it.each<[string, Partial<RecurrentOptions>]>([
    ["one layer", {}],
    ["two layers both ways", { layers: 2, bidirectional: "concat" }],
    ["read backwards with zoneout", { goBackwards: true, zoneout: 0.3 }],
    ["with recurrentDropout and weightDropout", { recurrentDropout: 0.4, weightDropout: 0.3 }],
    [
      "with every dropout, two layers both ways",
      {
        layers: 2,
        bidirectional: "sum",
        dropout: 0.2,
        inputDropout: 0.2,
        recurrentDropout: 0.3,
        weightDropout: 0.2,
        zoneout: 0.2,
      },
    ],
  ])("has the gradients of finite differences, for unequal lengths and initial states: %s", (_way, own) => {
    const layer = withRandomWeights(make({ inputSize, units, seed: 2, returnSequences: true, ...own }));
    const { variables, loss } = problemOf(layer);
    const check = checkGradients(variables, loss, { entries: 2 });
    expect(check.largestError, JSON.stringify(check.worst)).toBeLessThan(1e-6);
  });

  it.each(engines)("streams the very bits of the batched run, on the $name engine", ({ create }) => {
    withEngine(create(), () => {
      const layers = [make({ inputSize, units, layers: 2, zoneout: 0.1, returnSequences: true }), dense({ units: 5 })];
      const network = sequential(layers, { seed: 1 });
      const batched = network.apply(x).toArray() as number[][][];
      for (const [index, sequence] of nested(x).entries()) {
        const stream = network.stream();
        expect(sequence.map((features) => [...stream.step(features)])).toEqual(batched[index]);
      }
    });
  });

  it("stateful, gives over two batches the bits of one long run", () => {
    const options = { inputSize, units, layers: 2, seed: 4, returnSequences: true };
    const whole = make(options).apply(x);
    const layer = make({ ...options, stateful: true });
    const halves = [nested(x).map((steps) => steps.slice(0, 2)), nested(x).map((steps) => steps.slice(2))];
    const [first, second] = halves.map((half) => nested(layer.apply(half).output));
    expect(first?.map((steps, sequence) => [...steps, ...(second?.[sequence] ?? [])])).toEqual(whole.output.toArray());
  });

  it("computes the same with the weights that it gave away", () => {
    const options = { inputSize, units, layers: 2, bidirectional: "concat", seed: 1 } as const;
    const layer = withRandomWeights(make(options));
    const other = make({ ...options, seed: 2 });
    other.loadStateDict(layer.stateDict());
    expect(plain(other.apply(x, { lengths }))).toEqual(plain(layer.apply(x, { lengths })));
  });
});

describe("a variant whose options change nothing", () => {
  const dropouts = { recurrentDropout: 0.3, weightDropout: 0.2, zoneout: 0.25, inputDropout: 0.2, dropout: 0.2 };
  const ways: readonly [string, Partial<RecurrentOptions>][] = [
    ["two layers", { layers: 2 }],
    ["two layers both ways", { layers: 2, bidirectional: "concat" }],
    ["read backwards", { goBackwards: true }],
    ["two layers both ways with every dropout", { layers: 2, bidirectional: "concat", ...dropouts }],
  ];

  it.each(ways)("is the plain LSTM: %s", (_way, own) => {
    const options = { inputSize, units, seed: 3, returnSequences: true, ...own };
    expectSame(
      () => new Recurrent(lstmVariantCell({}), options),
      () => lstm(options),
    );
  });

  it.each(ways)("is the plain GRU: %s", (_way, own) => {
    const options = { inputSize, units, seed: 3, returnSequences: true, ...own };
    expectSame(
      () => new Recurrent(gruVariantCell({}), options),
      () => gru(options),
    );
  });

  it("is the plain LSTM where the limit of the cell state is out of reach, or peepholes are as they begin", () => {
    withEngine(float64, () => {
      const options = { inputSize, units, seed: 3, returnSequences: true };
      const fused = lstm(options).apply(x);
      for (const variant of [{ cellClip: 1e6 }, { peepholes: true }]) {
        const { output, state } = lstm({ ...options, ...variant }).apply(x);
        expect(largestDifference(output, fused.output.toArray() as unknown[])).toBeLessThan(1e-12);
        expect(largestDifference(state.c, fused.state.c.toArray() as unknown[])).toBeLessThan(1e-12);
      }
    });
  });

  it("is the plain cell to the bit where all options are given as off", () => {
    const options = { inputSize, units, seed: 3 };
    const off = { layerNormalization: false, peepholes: false, coupledGates: false };
    expect(plain(lstm({ ...options, ...off }).apply(x))).toEqual(plain(lstm(options).apply(x)));
    const gruOff = { resetAfter: true, layerNormalization: false };
    expect(plain(gru({ ...options, ...gruOff }).apply(x))).toEqual(plain(gru(options).apply(x)));
  });

  /** Values, states and gradients of two ways to make a layer, in float64. */
  function expectSame(one: () => Recurrent, other: () => Recurrent): void {
    withEngine(float64, () => {
      const [variant, fused] = [one(), other()].map((layer) => {
        withRandomWeights(layer);
        const { variables, loss } = problemOf(layer);
        const { value, gradients } = valueAndGradients(variables, loss);
        const { output, state } = layer.apply(x, { lengths });
        return [value, output.data, ...Object.values(state).map(({ data }) => data), ...gradients.map(({ data }) => data)];
      });
      for (const [index, values] of (fused ?? []).entries()) {
        expect(farthest(variant?.[index], values), `result ${index}`).toBeLessThan(1e-12);
      }
    });
  }
});

describe("the weights of a variant", () => {
  it("are named as PyTorch's, what PyTorch doesn't have behind them", () => {
    const all = { layerNormalization: true, peepholes: true, projectionSize: 2, coupledGates: true };
    const shapes = (layer: Recurrent) => Object.fromEntries(layer.parameters.map(({ name, shape }) => [name, shape]));
    expect(shapes(lstm({ inputSize, units, ...all }))).toEqual({
      weight_ih_l0: [15, 3],
      weight_hh_l0: [15, 2],
      bias_ih_l0: [15],
      bias_hh_l0: [15],
      weight_hr_l0: [2, 5],
      weight_ln_ih_l0: [15],
      weight_ln_hh_l0: [15],
      weight_ln_c_l0: [5],
      bias_ln_c_l0: [5],
      weight_peephole_l0: [10],
    });
    expect(shapes(lstm({ inputSize, units, peepholes: true })).weight_peephole_l0).toEqual([15]);
    expect(shapes(gru({ inputSize, units, layerNormalization: true }))).toMatchObject({
      weight_ln_ih_l0: [15],
      weight_ln_hh_l0: [15],
    });
  });

  it("begin with gains of 1, peepholes of 0, and the forget gate's bias at 1 where there is one", () => {
    const values = (layer: Recurrent, name: string) => [...(layer.stateDict().get(name)?.data ?? [])];
    const options = { inputSize, units: 2, layerNormalization: true, peepholes: true };
    const layer = lstm(options);
    for (const name of ["weight_ln_ih_l0", "weight_ln_hh_l0"]) expect(values(layer, name)).toEqual(Array(8).fill(1));
    expect(values(layer, "weight_ln_c_l0")).toEqual([1, 1]);
    expect(values(layer, "weight_peephole_l0")).toEqual(Array(6).fill(0));
    expect(values(layer, "bias_ih_l0")).toEqual([0, 0, 1, 1, 0, 0, 0, 0]);
    expect(values(lstm({ ...options, coupledGates: true }), "bias_ih_l0")).toEqual(Array(6).fill(0));
  });
});

describe("options of the variants are refused", () => {
  const whole = "lstm: `projectionSize` must be a whole number of at least 1, received";
  it.each<[object, string]>([
    [{ projectionSize: 0 }, `${whole} 0.`],
    [{ projectionSize: 1.5 }, `${whole} 1.5.`],
    [{ projectionSize: 5 }, "lstm: `projectionSize` must be below units (5), received 5."],
    [{ cellClip: 0 }, "lstm: `cellClip` must be a finite number above 0, received 0."],
    [{ cellClip: Number.NaN }, "lstm: `cellClip` must be a finite number above 0, received NaN."],
    [{ cellClip: Number.POSITIVE_INFINITY }, "lstm: `cellClip` must be a finite number above 0, received Infinity."],
  ])("%o", (options, message) => {
    expect(() => lstm({ inputSize, units, ...options })).toThrow(expect.objectContaining({ code: "UNROLLED_VALUE", message }));
  });

  it("of another cell", () => {
    expect(() => gru({ units, peepholes: true } as never)).toThrow("gru: there is no option `peepholes`");
    expect(() => lstm({ units, resetAfter: false } as never)).toThrow("lstm: there is no option `resetAfter`");
  });
});

/** Initial states of which no two numbers are alike. */
function statesFor(layer: Recurrent): Record<string, Tensor> {
  const places = layer.layers * layer.directions;
  return Object.fromEntries(
    layer.states.map((name, index) => [name, randomTensor([places, batch, layer.stateSize(name)], 20 + index)]),
  );
}

/** A loss in which every output and every final state counts, and all that it depends on. */
function problemOf(layer: Recurrent): { variables: Variable[]; loss: () => Tensor } {
  const initialState = statesFor(layer);
  const loss = () => {
    const { output, state } = layer.apply(x, { initialState, lengths });
    const terms = [output, ...Object.values(state)].map((value, index) =>
      sum(multiply(value, randomTensor(value.shape, 40 + index))),
    );
    return terms.reduce((total, term) => add(total, term));
  };
  return { variables: [...layer.parameters, x, ...Object.values(initialState)], loss };
}

function nested(of: Tensor | undefined): number[][][] {
  return of?.toArray() as number[][][];
}

function largestDifference(actual: Tensor | undefined, expected: readonly unknown[]): number {
  return farthest(actual?.data, expected.flat(2) as number[]);
}

/** Infinite where one has more numbers than the other. */
function farthest(actual: ArrayLike<number> | number | undefined, expected: ArrayLike<number> | number): number {
  const [mine, other] = [actual ?? [], expected].map((value) => (typeof value === "number" ? [value] : Array.from(value)));
  if (mine?.length !== other?.length) return Number.POSITIVE_INFINITY;
  return Math.max(...(other ?? []).map((value, index) => Math.abs((mine?.[index] ?? Number.NaN) - value)));
}
