import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { add } from "../autograd/ops/add.js";
import { multiply } from "../autograd/ops/multiply.js";
import { sum } from "../autograd/ops/sum.js";
import { withEngine } from "../engine/current.js";
import { referenceEngine } from "../engine/reference-engine.js";
import { engines } from "../engine/testing/engines.js";
import type { Tensor } from "../tensor/tensor.js";
import { type GruOptions, gru, type LstmOptions, lstm } from "./cells.js";
import type { Recurrent } from "./recurrent.js";
import type { RecurrentOptions } from "./recurrent-options.js";
import { randomTensor } from "./testing/random-tensor.js";
import { withRandomWeights } from "./testing/recurrent-cells.js";
import type { State } from "./testing/transcription.js";
import { transcribeVariant, type VariantReading } from "./testing/variant-transcription.js";

type LstmVariant = Pick<LstmOptions, "layerNormalization" | "peepholes" | "projectionSize" | "coupledGates" | "cellClip">;
type GruVariant = Pick<GruOptions, "resetAfter" | "layerNormalization">;

/** A cell with any of its options on, and a batch for it. */
interface Case {
  readonly variant: ({ readonly cell: "lstm" } & LstmVariant) | ({ readonly cell: "gru" } & GruVariant);
  readonly units: number;
  readonly inputSize: number;
  readonly lengths: readonly number[];
  readonly layers: number;
  readonly bothWays: boolean;
  readonly begins: boolean;
  readonly seed: number;
}

const on = fc.boolean();
const lstmVariant: fc.Arbitrary<Case["variant"]> = fc.record(
  {
    cell: fc.constant("lstm" as const),
    layerNormalization: on,
    peepholes: on,
    coupledGates: on,
    ...{ projectionSize: fc.constantFrom(1, 2), cellClip: fc.double({ min: 0.1, max: 1, noNaN: true }) },
  },
  { requiredKeys: ["cell"] },
);
const gruVariant: fc.Arbitrary<Case["variant"]> = fc.record(
  { cell: fc.constant("gru" as const), resetAfter: on, layerNormalization: on },
  { requiredKeys: ["cell"] },
);
const cases: fc.Arbitrary<Case> = fc.record({
  variant: fc.oneof({ weight: 3, arbitrary: lstmVariant }, { weight: 1, arbitrary: gruVariant }),
  units: fc.integer({ min: 3, max: 9 }),
  inputSize: fc.integer({ min: 1, max: 4 }),
  lengths: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 }),
  layers: fc.constantFrom(1, 2),
  bothWays: on,
  begins: on,
  seed: fc.nat(1000),
});
const rates = fc.record({
  recurrentDropout: fc.constantFrom(0, 0.4),
  weightDropout: fc.constantFrom(0, 0.3),
  zoneout: fc.constantFrom<number | { h: number }>(0, 0.3, { h: 0.4 }),
  goBackwards: on,
});

const float64 = referenceEngine("float64");

describe("variants of LSTM and GRU, whatever options are on together", () => {
  it("give what their formulas written out give, states and outputs, in float64 to 1e-12", () => {
    fc.assert(
      fc.property(cases, (one) => {
        withEngine(float64, () => {
          const { x, layer, initialState } = made(one);
          const { output, state } = layer.apply(x, { lengths: one.lengths, initialState });
          const { cell: _, ...own } = one.variant;
          const reading: VariantReading = { ...own, cell: one.variant.cell, ...one };
          for (const [sequence, length] of one.lengths.entries()) {
            const begin = Array.from({ length: layer.layers * layer.directions }, (_place, place): State => {
              const [h = [], c = h] = layer.states.map((name) => nested(initialState[name])[place]?.[sequence] ?? []);
              return { h, c };
            });
            const steps = nested(x)[sequence]?.slice(0, length) ?? [];
            const exact = transcribeVariant(layer.stateDict(), steps, { ...reading, ...(one.begins ? { begin } : {}) });
            expectClose(nested(output)[sequence]?.slice(0, length).flat(), exact.outputs.flat());
            for (const name of layer.states as readonly ("h" | "c")[]) {
              expectClose(
                nested(state[name]).flatMap((place) => place[sequence] ?? []),
                exact.ends.flatMap((end) => end[name]),
              );
            }
          }
        });
      }),
      { numRuns: 150 },
    );
  });

  it("have the gradients of finite differences, with masks, zoneout, unequal lengths and initial states, in float64 to 1e-6", () => {
    fc.assert(
      fc.property(cases, rates, (one, { goBackwards, ...dropouts }) => {
        const { x, layer, initialState } = made(one, { ...dropouts, goBackwards: goBackwards && !one.bothWays });
        const loss = () => {
          const { output, state } = layer.apply(x, { lengths: one.lengths, initialState });
          return [output, ...Object.values(state)]
            .map((value, index) => sum(multiply(value, randomTensor(value.shape, 40 + index))))
            .reduce((total, term) => add(total, term));
        };
        const variables = [...layer.parameters, x, ...Object.values(initialState)];
        // a short step, since a normalised product bends sharply where it is near 0
        const check = checkGradients(variables, loss, { entries: 2, step: 1e-6 });
        expect(check.largestError, JSON.stringify(check.worst)).toBeLessThan(1e-6);
      }),
      // a seed, since a difference over the very point where a cell state meets its limit has no slope
      { numRuns: 60, seed: 1 },
    );
  });

  it.each(engines)("give each sequence the bits that it gets alone, on the $name engine", ({ create }) => {
    const engine = create();
    fc.assert(
      fc.property(cases, (one) => {
        withEngine(engine, () => {
          const { x, layer } = made(one);
          const together = nested(layer.apply(x, { lengths: one.lengths }).output);
          for (const [sequence, length] of one.lengths.entries()) {
            const alone = nested(layer.apply([nested(x)[sequence]?.slice(0, length) ?? []]).output);
            expect(together[sequence]?.slice(0, length)).toEqual(alone[0]);
          }
        });
      }),
      { numRuns: 40 },
    );
  });
});

/** A layer with random weights, an input, and states to begin with where the case has them. */
function made(
  one: Case,
  others: Partial<RecurrentOptions> = {},
): { x: Tensor; layer: Recurrent; initialState: Record<string, Tensor> } {
  const { variant, units, inputSize, layers, bothWays, lengths, seed } = one;
  const options = {
    ...{ units, inputSize, layers, seed, returnSequences: true },
    ...(bothWays ? { bidirectional: "concat" as const } : {}),
    ...others,
  };
  const { cell, ...own } = variant;
  const layer = withRandomWeights<Recurrent>(cell === "lstm" ? lstm({ ...options, ...own }) : gru({ ...options, ...own }), seed);
  const places = layer.layers * layer.directions;
  const initial = layer.states.map((name, index): [string, Tensor] => [
    name,
    randomTensor([places, lengths.length, layer.stateSize(name)], seed + 60 + index),
  ]);
  const x = randomTensor([lengths.length, Math.max(...lengths), inputSize], seed + 50);
  return { x, layer, initialState: one.begins ? Object.fromEntries(initial) : {} };
}

function nested(of: Tensor | undefined): number[][][] {
  return (of?.toArray() ?? []) as number[][][];
}

function expectClose(actual: readonly number[] | undefined, expected: readonly number[]): void {
  expect(actual?.length).toBe(expected.length);
  const differences = expected.map((value, index) => Math.abs((actual?.[index] ?? Number.NaN) - value));
  expect(Math.max(...differences)).toBeLessThan(1e-12);
}
