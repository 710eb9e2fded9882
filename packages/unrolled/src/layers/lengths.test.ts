import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { valueAndGradients } from "../autograd/gradients.js";
import { sum } from "../autograd/ops/sum.js";
import { withEngine } from "../engine/current.js";
import { Engine } from "../engine/engine.js";
import type { Kernels } from "../engine/kernels.js";
import { referenceEngine } from "../engine/reference-engine.js";
import { engines } from "../engine/testing/engines.js";
import { tensor } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import { gru, lstm, rnn } from "./cells.js";
import { dense } from "./dense.js";
import { embedding } from "./embedding.js";
import type { RecurrentOptions } from "./recurrent-options.js";
import { sequential } from "./sequential.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";
import { fusedCells, recurrentCells } from "./testing/recurrent-cells.js";

const [time, inputSize, units] = [6, 3, 5];
const lengths = [3, 6, 1, 4, 1];
const batch = lengths.length;
const x = randomTensor([batch, time, inputSize], 1);
const ways: readonly { readonly way: string; readonly how: Partial<RecurrentOptions> }[] = [
  { way: "forward", how: {} },
  { way: "both ways", how: { bidirectional: "concat" } },
  { way: "backwards", how: { goBackwards: true } },
];

describe.each(recurrentCells)("lengths for $kind", ({ make }) => {
  const both = ways.flatMap(({ way, how }) => [
    { way, how: { ...how, returnSequences: true } },
    { way: `${way}, the last step only`, how },
  ]);

  describe.each(engines)("on the $name engine", ({ create }) => {
    const engine = create();
    const layerOf = (how: Partial<RecurrentOptions>) =>
      withEngine(engine, () => make({ inputSize, units, layers: 2, seed: 4, ...how }));

    it.each(both)("gives each sequence the bits that it gets alone and unpadded: $way", ({ how }) => {
      const layer = layerOf(how);
      const together = layer.apply(x, { lengths });
      for (const [sequence, length] of lengths.entries()) {
        const alone = layer.apply([nested(x)[sequence]?.slice(0, length) ?? []]);
        const [output = []] = alone.output.toArray() as number[][][];
        const end = how.returnSequences ? zeros(time - length, layer.outputSize) : [];
        expect((together.output.toArray() as unknown[])[sequence]).toEqual([...output, ...end]);
        for (const name of layer.states) {
          expect(nested(together.state[name]).map((place) => place[sequence])).toEqual(
            nested(alone.state[name]).map((place) => place[0]),
          );
        }
      }
    });

    it.each(both)("never reads the padding: NaN there changes no bit of outputs and gradients: $way", ({ how }) => {
      const layer = layerOf(how);
      const poisoned = tensor(Float32Array.from(x.data), x.shape);
      for (const [sequence, length] of lengths.entries()) {
        poisoned.data.fill(Number.NaN, (sequence * time + length) * inputSize, (sequence + 1) * time * inputSize);
      }
      const pass = (input: Tensor) => {
        const applied = plain(layer.apply(input, { lengths }));
        return [
          applied,
          plain(valueAndGradients([...layer.parameters, input], () => sum(layer.apply(input, { lengths }).output))),
        ];
      };
      expect(pass(poisoned)).toEqual(pass(x));
      expect(JSON.stringify(pass(x))).not.toContain("null");
    });
  });

  it.each(both)("gives the same for each sequence, in whatever order they stand: $way", ({ how }) => {
    const layer = make({ inputSize, units, layers: 2, seed: 4, ...how });
    const initial = (order: readonly number[]) =>
      Object.fromEntries(
        layer.states.map((name, index) => {
          const places = nested(randomTensor([2 * layer.directions, batch, units], 30 + index));
          return [name, places.map((place) => order.map((sequence) => place[sequence] ?? []))];
        }),
      );
    const run = (order: readonly number[]) => {
      const input = order.map((sequence) => nested(x)[sequence] ?? []);
      const given = { lengths: order.map((sequence) => lengths[sequence] ?? 0), initialState: initial(order) };
      return layer.apply(input, given);
    };
    const inOrder = run([0, 1, 2, 3, 4]);
    const order = [4, 2, 0, 3, 1];
    const shuffled = run(order);
    const picked = (values: unknown) => order.map((sequence) => (values as unknown[])[sequence]);
    expect(shuffled.output.toArray()).toEqual(picked(inOrder.output.toArray()));
    for (const name of layer.states) {
      expect(nested(shuffled.state[name])).toEqual(nested(inOrder.state[name]).map(picked));
    }
  });

  it.each(both)("that are all of x's steps give the bits of none given: $way", ({ how }) => {
    const layer = make({ inputSize, units, layers: 2, seed: 4, ...how });
    const run = (given: { lengths?: number[] }) => [
      plain(layer.apply(x, given)),
      plain(valueAndGradients([...layer.parameters, x], () => sum(layer.apply(x, given).output))),
    ];
    expect(run({ lengths: Array(batch).fill(time) })).toEqual(run({}));
  });

  it("that are all alike but shorter than x give what x cut short gives, with zeros behind", () => {
    const layer = make({ inputSize, units, layers: 2, seed: 4, returnSequences: true });
    const short = layer.apply(nested(x).map((steps) => steps.slice(0, 4)));
    const padded = layer.apply(x, { lengths: Array(batch).fill(4) });
    expect(plain(padded.state)).toEqual(plain(short.state));
    expect(padded.output.toArray()).toEqual(nested(short.output).map((steps) => [...steps, ...zeros(2, units)]));
  });

  it("may be any: each sequence is what it is alone", () => {
    const layer = make({ inputSize, units, seed: 4, bidirectional: "sum" });
    const someLengths = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(someLengths, fc.integer({ min: 0, max: 2 }), (some, padding) => {
        const input = randomTensor([some.length, Math.max(...some) + padding, inputSize], 3);
        const alone = nested(input).map((steps, sequence) => layer.apply([steps.slice(0, some[sequence])]).output.toArray());
        expect(layer.apply(input, { lengths: some }).output.toArray()).toEqual(alone.flat());
      }),
      { numRuns: 30 },
    );
  });
});

describe("lengths are refused", () => {
  const layer = lstm({ inputSize, units });
  const whole = "lstm: `lengths` must be whole numbers from 1 to 6, the steps of `x`, received";
  it.each<[what: string, given: number[], message: string]>([
    ["too few of them", [1, 2], "lstm: `lengths` must have one entry for each of 5 sequences, received 2."],
    ["too many", [1, 2, 3, 4, 5, 6], "lstm: `lengths` must have one entry for each of 5 sequences, received 6."],
    ["none of them", [], "lstm: `lengths` must have one entry for each of 5 sequences, received 0."],
    ["a length of 0", [1, 0, 1, 1, 1], `${whole} 0 at position 1.`],
    ["a length above the steps of x", [1, 1, 1, 1, 7], `${whole} 7 at position 4.`],
    ["a negative length", [-1, 1, 1, 1, 1], `${whole} -1 at position 0.`],
    ["a fraction", [1, 1, 2.5, 1, 1], `${whole} 2.5 at position 2.`],
    ["NaN", [1, 1, 1, Number.NaN, 1], `${whole} NaN at position 3.`],
  ])("for %s, which the message tells", (_what, given, message) => {
    expect(() => layer.apply(x, { lengths: given })).toThrow(expect.objectContaining({ code: "UNROLLED_SHAPE", message }));
    expect(() => sequential([lstm({ inputSize, units })]).apply(x, { lengths: given })).toThrow(message);
  });

  it("where x has no time", () => {
    const message = "dense: `lengths` need an `x` with time, received [2, 3].";
    expect(() => sequential([dense({ inputSize, units })]).apply(randomTensor([2, 3], 1), { lengths: [1, 1] })).toThrow(
      expect.objectContaining({ code: "UNROLLED_SHAPE", message }),
    );
  });
});

describe("a network with lengths", () => {
  const ids = [
    [1, 2, 0, 3, 4, 1],
    [4, 4, 1, 0, 2, 3],
    [2, 0, 0, 0, 0, 0],
  ];
  const own = [3, 6, 1];
  const layers = (returnSequences: boolean) => [
    embedding({ vocabularySize: 5, units: 3 }),
    gru({ units: 4, bidirectional: "concat", returnSequences }),
    dense({ units: 2, activation: "tanh" }),
  ];

  it("goes from an embedding to a dense layer, with zeros past each sequence's end", () => {
    const network = sequential(layers(true), { seed: 1 });
    const output = nested(network.apply(ids, { lengths: own }));
    for (const [sequence, length] of own.entries()) {
      const [alone = []] = nested(network.apply([ids[sequence]?.slice(0, length) ?? []]));
      expect(output[sequence]).toEqual([...alone, ...zeros(6 - length, 2)]);
    }
  });

  it("gives a dense layer each sequence's own last step without returnSequences, in the order of the batch", () => {
    const network = sequential(layers(false), { seed: 1 });
    const alone = own.map((length, sequence) => network.apply([ids[sequence]?.slice(0, length) ?? []]).toArray());
    expect(network.apply(ids, { lengths: own }).toArray()).toEqual(alone.flat());
  });

  it.each([99, -1, Number.NaN, 0.5])("never reads the padding, be it no index of the vocabulary: %d", (padding) => {
    const network = sequential(layers(true), { seed: 1 });
    const padded = ids.map((steps, sequence) => steps.map((id, t) => (t < (own[sequence] ?? 0) ? id : padding)));
    const run = (input: number[][]) =>
      plain(valueAndGradients(network.parameters, () => sum(network.apply(input, { lengths: own }))));
    expect(run(padded)).toEqual(run(ids));
    expect(() => network.apply(padded)).toThrow("embedding: x: indices must be whole numbers from 0 to 4");
  });

  it("still refuses an index outside the vocabulary before a sequence's end, telling where it stands", () => {
    const network = sequential(layers(true), { seed: 1 });
    const wrong = ids.map((steps, sequence) => (sequence === 1 ? [...steps.slice(0, 5), 5] : steps));
    expect(() => network.apply(wrong, { lengths: own })).toThrow(
      expect.objectContaining({
        code: "UNROLLED_INDEX",
        message: "embedding: x: indices must be whole numbers from 0 to 4, received 5 at position 11.",
      }),
    );
  });

  it("carries states from each sequence's own last step, and takes them in the order of the batch", () => {
    const network = sequential(
      [lstm({ inputSize, units: 4, returnSequences: true }), rnn({ units: 5, layers: 2, returnSequences: true })],
      { seed: 1 },
    );
    const first = network.applyWithState(x, undefined, { lengths });
    const second = network.applyWithState(x, first.state, { lengths });
    const expected = lengths.map((length, sequence) => {
      const steps = nested(x)[sequence]?.slice(0, length) ?? [];
      const [twice = []] = nested(network.apply([[...steps, ...steps]]));
      return [...twice.slice(length), ...zeros(time - length, 5)];
    });
    expect(second.output.toArray()).toEqual(expected);
  });
});

describe("padding costs nothing: the rows that are computed are those of the sequences", () => {
  const valid = lengths.reduce((total, length) => total + length, 0);

  it.each(fusedCells.flatMap((cell) => ways.map((way) => ({ ...cell, ...way }))))(
    "in every product and pointwise pass of $kind, $way",
    ({ make, how }) => {
      const { engine, products, passes } = countingEngine();
      withEngine(engine, () => {
        const layer = make({ inputSize, units, layers: 2, returnSequences: true, ...how });
        valueAndGradients([...layer.parameters, x], () => sum(layer.apply(x, { lengths }).output));
        const scans = layer.layers * layer.directions;
        // Forward W_ih x and W_hh h', back dG·W_hh and dG·W_ih; then dW_ih and dW_hh.
        expect(products).toEqual({ multiplyPacked: 4 * scans * valid, multiplyTransposed: 2 * scans * valid });
        for (const rows of Object.values(passes)) expect(rows).toBe(scans * valid);
        expect(Object.keys(passes).length).toBe(2);
      });
    },
  );

  it("in a network, from the embedding through the recurrent layer to the dense one", () => {
    const { engine, products, passes } = countingEngine();
    withEngine(engine, () => {
      const network = sequential([
        embedding({ vocabularySize: 7, units: 4 }),
        lstm({ units, returnSequences: true }),
        dense({ units: 3 }),
      ]);
      const ids = tensor(new Float32Array(batch * time), [batch, time]);
      valueAndGradients(network.parameters, () => sum(network.apply(ids, { lengths })));
      expect(products).toEqual({ multiplyPacked: 6 * valid, multiplyTransposed: 3 * valid });
      expect(passes).toEqual({ lstmForward: valid, lstmBackward: valid });
    });
  });

  /** An engine that counts the rows which products and cells are handed. */
  function countingEngine() {
    const products = { multiplyPacked: 0, multiplyTransposed: 0 };
    const passes: Record<string, number> = {};
    const { memory, kernels } = referenceEngine();
    const counting: Kernels = {
      ...kernels,
      multiplyPacked: (rows, ...rest) => {
        products.multiplyPacked += rows;
        kernels.multiplyPacked(rows, ...rest);
      },
      multiplyTransposed: (m, n, rows, ...rest) => {
        products.multiplyTransposed += rows;
        kernels.multiplyTransposed(m, n, rows, ...rest);
      },
    };
    const inRows = ["lstmForward", "lstmBackward", "gruForward", "gruBackward"] as const;
    const inNumbers = ["tanh", "relu", "rnnTanhBackward", "rnnReluBackward"] as const;
    const counted = [...inRows.map((name) => [name, 1] as const), ...inNumbers.map((name) => [name, units] as const)].map(
      ([name, width]) => {
        const kernel = (size: number, ...rest: number[]) => {
          passes[name] = (passes[name] ?? 0) + size / width;
          Reflect.apply(kernels[name], undefined, [size, ...rest]);
        };
        return [name, kernel];
      },
    );
    return { engine: new Engine("reference", memory, { ...counting, ...Object.fromEntries(counted) }), products, passes };
  }
});

function nested(of: Tensor | undefined): number[][][] {
  return of?.toArray() as number[][][];
}

function zeros(rows: number, features: number): number[][] {
  return Array.from({ length: rows }, () => Array<number>(features).fill(0));
}
