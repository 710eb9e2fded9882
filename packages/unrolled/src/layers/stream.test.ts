import { describe, expect, it } from "vitest";
import { evaluate } from "../autograd/gradients.js";
import { add } from "../autograd/ops/add.js";
import { subtract } from "../autograd/ops/subtract.js";
import { defineCell } from "../cells/own-cell.js";
import { withEngine } from "../engine/current.js";
import { engines } from "../engine/testing/engines.js";
import { tensor } from "../tensor/create.js";
import type { Parameter } from "../tensor/parameter.js";
import { gru, lstm, recurrent, rnn } from "./cells.js";
import { dense } from "./dense.js";
import { dropout } from "./dropout.js";
import { embedding } from "./embedding.js";
import type { Recurrent } from "./recurrent.js";
import type { RecurrentOptions } from "./recurrent-options.js";
import { type Sequential, sequential } from "./sequential.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";

const makers = { rnn, lstm, gru };
const cellsOnEngines = engines.flatMap((engine) =>
  (["rnn", "lstm", "gru"] as const).map((cell) => ({ cell, make: makers[cell], ...engine })),
);

/** Two layers of the cell over features. */
function overFeatures(make: (options: RecurrentOptions) => Recurrent): Sequential {
  const layers = [make({ inputSize: 3, units: 21, layers: 2, dropout: 0.5, returnSequences: true }), dense({ units: 5 })];
  return sequential(layers, { seed: 1 });
}

function overIndices(make: (options: RecurrentOptions) => Recurrent): Sequential {
  const recurrent = make({ units: 21, layers: 2, returnSequences: true });
  return sequential([embedding({ vocabularySize: 7, units: 6 }), recurrent, dropout(0.5), dense({ units: 7 })], { seed: 1 });
}

describe.each(cellsOnEngines)("a stream of a 2-layer $cell on the $name engine", ({ make, create }) => {
  it("gives, step by step, the very bits of the batched run over features", () => {
    withEngine(create(), () => {
      const network = overFeatures(make);
      const x = randomTensor([4, 6, 3], 2).toArray() as number[][][];
      const batched = network.apply(x).toArray() as number[][][];
      for (const [index, sequence] of x.entries()) {
        const stream = network.stream();
        expect(sequence.map((features) => [...stream.step(features)])).toEqual(batched[index]);
      }
    });
  });

  it("gives the very bits of the batched run over indices", () => {
    withEngine(create(), () => {
      const network = overIndices(make);
      const x = [[0, 6, 2, 2, 5]];
      const stream = network.stream();
      const [sequence = []] = x;
      expect([sequence.map((index) => [...stream.step(index)])]).toEqual(network.apply(x).toArray());
    });
  });

  it("gives the very bits of the batched run to several sequences side by side", () => {
    withEngine(create(), () => {
      const network = overFeatures(make);
      const x = randomTensor([9, 4, 3], 2).toArray() as number[][][];
      const stream = network.stream(9);
      const steps = [0, 1, 2, 3].map((t) => rowsOf(stream.step(x.flatMap((sequence) => sequence[t] ?? [])), 5));
      const batched = network.apply(x).toArray() as number[][][];
      expect(steps).toEqual([0, 1, 2, 3].map((t) => batched.map((sequence) => sequence[t])));
    });
  });

  it("ends in the states of the batched run", () => {
    withEngine(create(), () => {
      const network = overIndices(make);
      const stream = network.stream();
      for (const index of [0, 6, 2]) stream.step(index);
      expect(plain(stream.state)).toEqual(plain(network.applyWithState([[0, 6, 2]]).state));
    });
  });
});

describe("a stream", () => {
  const network = overIndices(lstm);

  it("begins with states of 0, and does so again after a reset", () => {
    const stream = network.stream();
    expect([...(stream.state[0]?.h?.data ?? [])]).toEqual(Array(42).fill(0));
    const first = stream.step(3);
    expect(stream.step(3)).not.toEqual(first);
    stream.reset();
    expect(stream.step(3)).toEqual(first);
  });

  it("gives copies, which the next step leaves alone", () => {
    const stream = network.stream();
    const first = stream.step(3);
    const before = [...first];
    stream.step(4);
    expect([...first]).toEqual(before);
  });

  it("writes into the array that it is given, and gives that", () => {
    const [stream, other] = [network.stream(), network.stream()];
    const out = new Float32Array(7);
    expect(stream.step(3, out)).toBe(out);
    expect(out).toEqual(other.step(3));
    const wide = new Float64Array(7);
    expect(stream.step(4, wide)).toBe(wide);
    expect([...wide]).toEqual([...other.step(4)]);
  });

  it("refuses an array of another length, before it reads the step", () => {
    const stream = network.stream();
    expect(() => stream.step(3, new Float32Array(6))).toThrow(
      expect.objectContaining({ code: "UNROLLED_SHAPE", message: "stream: `out` must hold 7 numbers, received 6." }),
    );
    expect([...(stream.state[0]?.h?.data ?? [])]).toEqual(Array(42).fill(0));
  });

  it("continues, once set to a state, from there with the same bits, as often as it is set", () => {
    const stream = network.stream();
    stream.step(1);
    const snapshot = stream.state;
    const [first, second] = [stream.step(2), stream.step(3)];
    for (const continuing of [stream, network.stream()]) {
      continuing.state = snapshot;
      expect([continuing.step(2), continuing.step(3)]).toEqual([first, second]);
    }
    expect(plain(stream.state)).not.toEqual(plain(snapshot));
  });

  it("has states of its own beside other streams of the network", () => {
    const [one, other] = [network.stream(), network.stream()];
    one.step(1);
    one.step(2);
    expect(other.step(5)).toEqual(network.stream().step(5));
  });

  it("sees the weights as they are at each step", () => {
    const changing = overIndices(gru);
    const stream = changing.stream();
    const before = stream.step(1);
    const weights = changing.stateDict();
    const bias = weights.get("3.bias");
    bias?.data.fill(2);
    changing.loadStateDict(weights);
    stream.reset();
    expect([...stream.step(1)].map((value, index) => value - (before[index] ?? 0))).toEqual(Array(7).fill(expect.closeTo(2, 5)));
  });

  it("takes the step inside of evaluate as outside", () => {
    const [stream, other] = [network.stream(), network.stream()];
    expect(evaluate(() => stream.step(3))).toEqual(other.step(3));
  });

  it("works without a recurrent layer, and then has no state", () => {
    const plain = sequential([dense({ inputSize: 2, units: 3 })], { seed: 1 });
    const stream = plain.stream();
    expect([...stream.step([1, 2])]).toEqual([...plain.apply([[1, 2]]).data]);
    expect(stream.state).toEqual([]);
  });
});

describe("a stream refuses", () => {
  const features = overFeatures(lstm);
  const indices = overIndices(lstm);

  it.each<[what: string, step: () => unknown, code: string, message: string]>([
    [
      "too few features",
      () => features.stream().step([1, 2]),
      "UNROLLED_SHAPE",
      "stream: a step of 1 sequence must be 3 features for each, received 2 numbers.",
    ],
    [
      "the features of one sequence where there are several",
      () => features.stream(2).step([1, 2, 3]),
      "UNROLLED_SHAPE",
      "stream: a step of 2 sequences must be 3 features for each, received 3 numbers.",
    ],
    [
      "several indices for one sequence",
      () => indices.stream().step([1, 2]),
      "UNROLLED_SHAPE",
      "stream: a step of 1 sequence must be one index for each, received 2 numbers.",
    ],
    [
      "an index outside of the vocabulary",
      () => indices.stream().step(7),
      "UNROLLED_INDEX",
      "embedding: x: indices must be whole numbers from 0 to 6, received 7 at position 0.",
    ],
    [
      "an index with a fraction",
      () => indices.stream().step(0.5),
      "UNROLLED_DTYPE",
      "embedding: x: indices must be whole numbers from 0 to 6, received 0.5 at position 0.",
    ],
  ])("%s", (_what, step, code, message) => {
    expect(step).toThrow(expect.objectContaining({ code, message }));
  });

  it.each([0, -1, 1.5, Number.NaN])("%f sequences", (batch) => {
    expect(() => indices.stream(batch)).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: `stream: \`batch\` must be a whole number of at least 1, received ${batch}.`,
      }),
    );
  });

  it("states that are missing, of another shape or too many, and keeps those that it has", () => {
    const stream = indices.stream();
    stream.step(1);
    const before = stream.state;
    const [h, c] = [randomTensor([2, 1, 21], 1), randomTensor([2, 1, 21], 2)];
    const error = (message: string) => expect.objectContaining({ code: "UNROLLED_SHAPE", message });
    const set = (state: typeof before) => () => {
      stream.state = state;
    };
    expect(set([])).toThrow(error("state: expected those of 1 recurrent layer, received 0."));
    expect(set([{ h }])).toThrow(error("state: `c` of lstm must be [layers, batch, units] = [2, 1, 21], received none."));
    expect(set([{ h, c: randomTensor([2, 2, 21], 1) }])).toThrow(
      error("state: `c` of lstm must be [layers, batch, units] = [2, 1, 21], received [2, 2, 21]."),
    );
    expect(set([{ h, c }, { h }])).toThrow(error("state: expected those of 1 recurrent layer, received 2."));
    expect(plain(stream.state)).toEqual(plain(before));
  });
});

function rowsOf(values: ArrayLike<number>, width: number): number[][] {
  const all = Array.from(values);
  return Array.from({ length: all.length / width }, (_, row) => all.slice(row * width, (row + 1) * width));
}

describe.each(engines)("a stream's steps that are made again, $name engine", ({ create }) => {
  it("leave no more than the first ones do when weights, states and the sequence change in between", () => {
    withEngine(create(), () => {
      const network = overFeatures(lstm);
      const [parameter] = network.parameters as [Parameter];
      const x = randomTensor([1, 12, 3], 2).toArray() as number[][][];
      const stream = network.stream();
      const state = stream.state;
      const expected = () => (network.apply(x).toArray() as number[][][])[0];
      const streamed = () => x[0]?.map((features) => [...stream.step(features, new Float32Array(5))]);
      expect(streamed()).toEqual(expected());
      stream.reset();
      expect(streamed()).toEqual(expected());
      parameter.write(randomTensor(parameter.shape, 9));
      stream.state = state;
      expect(streamed()).toEqual(expected());
      network.apply(randomTensor([3, 40, 3], 1)); // other work in between
      stream.reset();
      expect(streamed()).toEqual(expected());
    });
  });

  it("take the memory of one step for all of them, and give it back", () => {
    withEngine(create(), () => {
      const network = overIndices(gru);
      const stream = network.stream();
      for (let step = 0; step < 5; step++) stream.step(step);
      const { used } = network.engine.allocator;
      for (let step = 0; step < 100; step++) stream.step(step % 7);
      expect(network.engine.allocator.used).toBe(used);
    });
  });

  it("are not made of a cell of one's own, whose step may depend on anything", () => {
    withEngine(create(), () => {
      let calls = 0;
      const counting = defineCell({
        name: "counting",
        parameters: ({ units }) => ({ b: [units] }),
        state: ({ units }) => ({ h: [units] }),
        step: (_x, { h }, { b }) => {
          calls++;
          const next = calls % 2 === 0 ? add(h, b) : subtract(h, b);
          return { output: next, state: { h: next } };
        },
      });
      const network = sequential([recurrent(counting, { inputSize: 1, units: 2, returnSequences: true })], { seed: 1 });
      (network.parameters[0] as Parameter).write(tensor([1, 2]));
      const stream = network.stream();
      const sums = Array.from({ length: 6 }, () => [...stream.step(0)]);
      expect(sums.map(([first]) => first)).toEqual([-1, 0, -1, 0, -1, 0]);
    });
  });
});
