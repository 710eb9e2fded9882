import { describe, expect, it } from "vitest";
import { evaluate, valueAndGradients } from "../autograd/gradients.js";
import { sum } from "../autograd/ops/sum.js";
import { withEngine } from "../engine/current.js";
import { referenceEngine } from "../engine/reference-engine.js";
import { tensor } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import { gru, lstm, rnn } from "./cells.js";
import type { Recurrent } from "./recurrent.js";
import type { RecurrentOptions } from "./recurrent-options.js";
import { sequential } from "./sequential.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";
import { recurrentCells, withRandomWeights } from "./testing/recurrent-cells.js";
import { type State, transcribe, type Vector } from "./testing/transcription.js";

type Apply = Parameters<Recurrent["apply"]>[1];

const float64 = referenceEngine("float64");
const units = 6;
const time = 5;
const lengths = [2, 5, 1, 3];
const batch = lengths.length;
const x = randomTensor([batch, time, units], 1);

describe.each(recurrentCells)("in $kind", ({ make, reading }) => {
  const options = { inputSize: units, units, returnSequences: true, bidirectional: "concat", seed: 7 } as const;

  it.each(["inputDropout", "recurrentDropout", "weightDropout"] as const)("%s acts in training alone", (name) => {
    const layer = make({ ...options, [name]: 0.5 });
    const without = plain(make(options).apply(x, { lengths }));
    expect(plain(layer.apply(x, { lengths }))).toEqual(without);
    expect(plain(evaluate(() => layer.apply(x, { lengths })))).toEqual(without);
    expect(trained(layer, x, { lengths }).output).not.toEqual((without as { output: unknown }).output);
  });

  it("weightDropout leaves all weights but W_hh alone: a first step from states of 0 is what it is without", () => {
    const layer = withRandomWeights(make({ ...options, weightDropout: 0.5 }));
    const without = withRandomWeights(make(options));
    const input = randomTensor([batch, 1, units], 2);
    expect(trained(layer, input).output).toEqual(trained(without, input).output);
  });

  it("inputDropout masks what is read and recurrentDropout what W_hh reads, as the formulas written out", () => {
    withEngine(float64, () => {
      const inputMasks = inputMasksOf(options.seed, 0.3);
      const recurrentMasks = recurrentMasksOf(options.seed, 0.4);
      const dropsInput = withRandomWeights(make({ ...options, inputDropout: 0.3 }));
      const dropsRecurrent = withRandomWeights(make({ ...options, recurrentDropout: 0.4 }));
      const [ofInput, ofRecurrent] = [trained(dropsInput, x, { lengths }), trained(dropsRecurrent, x, { lengths })];
      for (const [sequence, steps] of sequences().entries()) {
        const read = { ...reading, units, merge: "concat" } as const;
        const inputMask = inputMasks[sequence] ?? [];
        const masks = recurrentMasks[sequence] ?? [];
        expectClose(ofInput.output[sequence], transcribe(dropsInput.stateDict(), steps, { ...read, inputMask }).outputs);
        const expected = transcribe(dropsRecurrent.stateDict(), steps, { ...read, recurrentMasks: masks }).outputs;
        expectClose(ofRecurrent.output[sequence], expected);
      }
    });
  });

  it.each([0.3, { h: 0.4 }])(
    "zoneout mixes old and new in proportion outside of training, as the formulas written out: %o",
    (zoneout) => {
      withEngine(float64, () => {
        const layer = withRandomWeights(make({ ...options, layers: 2, zoneout }));
        const rates = typeof zoneout === "number" ? { h: zoneout, c: zoneout } : { ...zoneout, c: 0 };
        const taken = (_place: number, name: "h" | "c") => Array<number>(units).fill(1 - rates[name]);
        const { output, state } = layer.apply(x, { lengths });
        const read = { ...reading, units, layers: 2, merge: "concat", taken } as const;
        const expected = sequences().map((steps) => transcribe(layer.stateDict(), steps, read));
        for (const [sequence, { outputs }] of expected.entries()) expectClose(nested(output)[sequence], outputs);
        for (const name of layer.states as readonly ("h" | "c")[]) {
          const ends = [0, 1, 2, 3].map((place) => expected.map(({ ends: each }) => each[place]?.[name] ?? []));
          expectClose(nested(state[name]).flat(), ends.flat());
        }
      });
    },
  );

  it("zoneout in training keeps each unit's state of the step before or takes the new one, as the formulas written out", () => {
    withEngine(float64, () => {
      const layer = withRandomWeights(make({ ...options, zoneout: { h: 0.4 } }));
      const { output } = trained(layer, x, { lengths });
      const kept: boolean[] = [];
      for (const [sequence, steps] of sequences().entries()) {
        const outputs = output[sequence] ?? [];
        const taken = (place: number, name: "h" | "c", t: number): Vector => {
          if (name === "c") return Array(units).fill(1);
          const before = outputs[place === 0 ? t - 1 : t + 1 < steps.length ? t + 1 : -1];
          return Array.from({ length: units }, (_, unit) => {
            const feature = place * units + unit;
            const keeps = outputs[t]?.[feature] === (before?.[feature] ?? 0);
            kept.push(keeps);
            return keeps ? 0 : 1;
          });
        };
        expectClose(outputs, transcribe(layer.stateDict(), steps, { ...reading, units, merge: "concat", taken }).outputs);
      }
      const share = kept.filter(Boolean).length / kept.length;
      // relu's zeros stay zeros as often as not, and then count as kept
      if (reading.activation !== "relu") expect(Math.abs(share - 0.4)).toBeLessThan(0.15);
      else expect(share).toBeLessThan(0.95);
    });
  });

  it("zoneout in training draws for each of its states, and begins with the initial one", () => {
    withEngine(float64, () => {
      const layer = withRandomWeights(make({ inputSize: units, units, returnSequences: true, seed: 7, zoneout: 0.5 }));
      let begin = Object.fromEntries(layer.states.map((name, index) => [name, randomTensor([1, 1, units], 40 + index)]));
      const masks = new Set<string>();
      for (let step = 0; step < 4; step++) {
        const input = randomTensor([1, 1, units], 50 + step);
        const { state } = trained(layer, input, { initialState: begin });
        const [before, after] = [begin, state].map((each): State => {
          const numbers = (name: string) => [...(each[name]?.data ?? Array<number>(units).fill(0))];
          return { h: numbers("h"), c: numbers("c") };
        });
        const taken = (_place: number, name: "h" | "c") => {
          const shares = (after?.[name] ?? []).map((value, unit) => (value === before?.[name][unit] ? 0 : 1));
          masks.add(shares.join(""));
          return shares;
        };
        const steps = nested(input)[0] ?? [];
        const { ends } = transcribe(layer.stateDict(), steps, { ...reading, units, begin: before ? [before] : [], taken });
        for (const name of layer.states as readonly ("h" | "c")[]) expectClose([after?.[name] ?? []], [ends[0]?.[name] ?? []]);
        begin = state;
      }
      expect(masks.size).toBeGreaterThan(layer.states.length);
    });
  });

  it("zoneout outside of training gives in a stream the bits of the whole sequence", () => {
    const network = sequential([make({ inputSize: units, units, layers: 2, returnSequences: true, zoneout: 0.3 })]);
    const stream = network.stream();
    const [steps = []] = nested(x);
    const [whole = []] = nested(network.apply([steps]));
    expect(steps.map((step) => [...stream.step(step)])).toEqual(whole);
  });
});

describe.each(["inputDropout", "recurrentDropout"] as const)("%s", (name) => {
  const wide = 200;
  const rate = 0.25;
  /** What is read: 1 at each step, or, to be remembered, at the first one alone. */
  const ones = (sequencesInBatch: number, steps: number) => pulse(sequencesInBatch, steps, wide, name === "inputDropout" ? 1 : 0);
  const masksOf = (seed: number, given: Apply = {}) => {
    const options = { inputSize: wide, units: wide, returnSequences: true, seed, [name]: rate };
    const layer = passingThrough({ ...options, activation: "relu" }, name === "recurrentDropout");
    return trained(layer, ones(4, 6), given).output;
  };

  it("drops a share of the features and scales the rest, so that their mean stays", () => {
    const [first = []] = masksOf(1);
    // recurrentDropout acts for the first time at the second step, on the first one's 1
    const mask = first[1] ?? [];
    expect(new Set(mask)).toEqual(new Set([0, Math.fround(1 / (1 - rate))]));
    expect(Math.abs(mask.filter((value) => value === 0).length / wide - rate)).toBeLessThan(0.15);
  });

  it("draws one mask for all steps of a sequence, and another for each sequence", () => {
    const outputs = masksOf(1);
    const masks = outputs.map((steps) => steps[1] ?? []);
    for (const [sequence, steps] of outputs.entries()) {
      for (const [t, values] of steps.entries()) {
        if (name === "recurrentDropout" && t === 0) continue;
        expect(values.map((value) => value > 0)).toEqual(masks[sequence]?.map((value) => value > 0));
      }
    }
    expect(new Set(masks.map(String)).size).toBe(4);
  });

  it("draws others for each batch, and the same for the same seed", () => {
    const layer = passingThrough(
      { inputSize: wide, units: wide, seed: 1, [name]: rate, activation: "relu" },
      name === "recurrentDropout",
    );
    const input = ones(1, 2);
    expect(trained(layer, input).state.h?.data).not.toEqual(trained(layer, input).state.h?.data);
    expect(masksOf(1)).toEqual(masksOf(1));
    expect(masksOf(2)).not.toEqual(masksOf(1));
  });

  it("gives each sequence of the batch the same mask, however lengths sort it", () => {
    const whole = masksOf(1);
    const some = [3, 6, 2, 4];
    const expected = whole.map((steps, sequence) => {
      const length = some[sequence] ?? 0;
      return [...steps.slice(0, length), ...Array.from({ length: 6 - length }, () => Array<number>(wide).fill(0))];
    });
    expect(masksOf(1, { lengths: some })).toEqual(expected);
  });
});

it("recurrentDropout draws other masks for each layer and direction", () => {
  withEngine(float64, () => {
    const [masks = []] = recurrentMasksOf(3, 0.5);
    expect(masks[0]).not.toEqual(masks[1]);
  });
  const layer = rnn({
    inputSize: 64,
    units: 64,
    layers: 2,
    recurrentDropout: 0.5,
    activation: "relu",
    returnSequences: true,
    seed: 3,
  });
  load(layer, (name) => (name.startsWith("weight") ? 1 : 0));
  // 1 to the first layer, whose second step is 1 + its mask; the second layer reads 1, then adds its mask to what it reads
  const [first = [], second = []] = trained(layer, pulse(1, 2, 64, 1)).output[0] ?? [];
  expect(new Set(first)).toEqual(new Set([1]));
  expect(new Set(second)).toEqual(new Set([1, 3, 5]));
});

describe("weightDropout", () => {
  const wide = 24;
  const rate = 0.25;
  const make = () => {
    const layer = rnn({ inputSize: 1, units: wide, weightDropout: rate, activation: "relu", returnSequences: true, seed: 5 });
    const positive = randomTensor([wide, wide], 6).data.map((value) => Math.abs(value) + 0.1);
    const weights = Array.from(layer.stateDict(), ([name, { shape, size }]): [string, Tensor] => [
      name,
      tensor(name === "weight_hh_l0" ? positive : new Float32Array(size), shape),
    ]);
    layer.loadStateDict(new Map(weights));
    return layer;
  };
  // Sequence j begins with unit vector j, so that its first step shows column j of what W_hh was.
  const unitVectors = tensor(
    Float32Array.from({ length: wide ** 2 }, (_, index) => (index % (wide + 1) === 0 ? 1 : 0)),
    [1, wide, wide],
  );
  const zeros = tensor(new Float32Array(wide * 3), [wide, 3, 1]);

  it("drops entries of W_hh and scales the others, the same ones for all sequences and steps of a batch", () => {
    const layer = make();
    const whole = layer.stateDict().get("weight_hh_l0")?.toArray() as number[][];
    const { output } = trained(layer, zeros, { initialState: { h: unitVectors } });
    const columns = output.map((steps) => steps[0] ?? []);
    const kept = columns.flatMap((column, j) => column.map((value, i) => value / (whole[i]?.[j] ?? Number.NaN)));
    for (const value of kept) expect(Math.min(Math.abs(value), Math.abs(value - 1 / (1 - rate)))).toBeLessThan(1e-6);
    expect(Math.abs(kept.filter((value) => value === 0).length / kept.length - rate)).toBeLessThan(0.1);
    for (const steps of output) {
      const next = Array.from({ length: wide }, (_, i) =>
        columns.reduce((total, column, j) => total + (column[i] ?? 0) * (steps[0]?.[j] ?? 0), 0),
      );
      for (const [i, value] of next.entries()) expect(steps[1]?.[i]).toBeCloseTo(value, 3);
    }
  });

  it("drops others for each batch, and none outside of training", () => {
    const layer = make();
    const apply = { initialState: { h: unitVectors } };
    expect(trained(layer, zeros, apply).output).not.toEqual(trained(layer, zeros, apply).output);
    const whole = layer.stateDict().get("weight_hh_l0")?.toArray() as number[][];
    const columns = nested(layer.apply(zeros, apply).output).map((steps) => steps[0] ?? []);
    expect(columns[3]).toEqual(whole.map((row) => row[3]));
  });

  it("sends no gradient to the entries that it dropped", () => {
    const layer = make();
    const seen: number[][] = [];
    const weight = layer.parameters.filter(({ name }) => name === "weight_hh_l0");
    const first = tensor(new Float32Array(wide), [wide, 1, 1]);
    const { gradients } = valueAndGradients(weight, () => {
      const { output } = layer.apply(first, { initialState: { h: unitVectors } });
      seen.push([...output.data]);
      return sum(output);
    });
    // dW_hh[i, j] is 1 / (1 − rate) where W_hh[i, j] was let through to sequence j
    const expected = Array.from({ length: wide ** 2 }, (_, entry) => {
      const [i, j] = [Math.floor(entry / wide), entry % wide];
      return (seen[0]?.[j * wide + i] ?? 0) > 0 ? Math.fround(1 / (1 - rate)) : 0;
    });
    expect([...(gradients[0]?.data ?? [])]).toEqual(expected);
  });
});

describe("zoneout", () => {
  it("for one state alone leaves the other to itself", () => {
    const make = (zoneout: RecurrentOptions<"h" | "c">["zoneout"]) =>
      lstm({ inputSize: units, units, seed: 1, ...(zoneout === undefined ? {} : { zoneout }) });
    const first = tensor(x.data.slice(0, units), [1, 1, units]);
    const [none, h, c] = [make(undefined), make({ h: 0.5 }), make({ c: 0.5 })].map((layer) => layer.apply(first).state);
    expect(plain(h?.c)).toEqual(plain(none?.c));
    expect(plain(h?.h)).not.toEqual(plain(none?.h));
    // h comes of the cell state that was computed, not of the mixture (Krueger et al. 2017)
    expect(plain(c?.h)).toEqual(plain(none?.h));
    expect(plain(c?.c)).not.toEqual(plain(none?.c));
  });

  it.each([
    [{ h: 1 }, "lstm: `zoneout` must be from 0 to below 1, received 1."],
    [{ c: -0.1 }, "lstm: `zoneout` must be from 0 to below 1, received -0.1."],
    [Number.NaN, "lstm: `zoneout` must be from 0 to below 1, received NaN."],
    [{ hidden: 0.1 }, "lstm: zoneout: there is no option `hidden`; the options are h, c."],
  ])("of %o is refused", (zoneout, message) => {
    expect(() => lstm({ units, zoneout: zoneout as number })).toThrow(
      expect.objectContaining({ code: "UNROLLED_VALUE", message }),
    );
  });

  it("of a state that the cell doesn't have is refused", () => {
    const zoneout: object = { c: 0.1 };
    expect(() => gru({ units, zoneout })).toThrow("gru: zoneout: there is no option `c`; the options are h.");
  });
});

/** Output by sequence and step, and the states, of a pass in training. */
function trained(layer: Recurrent, input: Tensor, given: Apply = {}) {
  const seen: { output: number[][][]; state: Record<string, Tensor> }[] = [];
  valueAndGradients(layer.parameters, () => {
    const { output, state } = layer.apply(input, given);
    const copies = Object.entries(state as Record<string, Tensor>).map(([name, { data, shape }]) => [name, tensor(data, shape)]);
    seen.push({ output: output.toArray() as number[][][], state: Object.fromEntries(copies) });
    return sum(output);
  });
  return seen[0] as { output: number[][][]; state: Record<string, Tensor> };
}

/** A simple network that hands on what it reads, and, where `remembers`, adds its state of the step before. */
function passingThrough(options: Parameters<typeof rnn>[0], remembers: boolean): Recurrent {
  const layer = rnn(options);
  load(layer, (name) => (name.startsWith("weight_ih") || (remembers && name.startsWith("weight_hh")) ? 1 : 0));
  return layer;
}

/** Every matrix a diagonal one, every bias a vector, of these numbers. */
function load(layer: Recurrent, value: (name: string) => number): void {
  const weights = Array.from(layer.stateDict(), ([name, { shape }]): [string, Tensor] => {
    const [rows = 0, columns = 0] = shape;
    const diagonal = Array.from({ length: rows * Math.max(1, columns) }, (_, index) =>
      columns === 0 || index % (columns + 1) === 0 ? value(name) : 0,
    );
    return [name, tensor(Float32Array.from(diagonal), shape)];
  });
  layer.loadStateDict(new Map(weights));
}

/** 1 at the first step, at the others `later`. */
function pulse(sequencesInBatch: number, steps: number, features: number, later = 0): Tensor {
  const size = steps * features;
  const values = Float32Array.from({ length: sequencesInBatch * size }, (_, index) => (index % size < features ? 1 : later));
  return tensor(values, [sequencesInBatch, steps, features]);
}

/** The masks that a layer of this seed draws for its input, seen through a network that hands on what it reads. */
function inputMasksOf(seed: number, inputDropout: number): number[][] {
  const layer = passingThrough({ inputSize: units, units, seed, inputDropout, activation: "relu", returnSequences: true }, false);
  return trained(layer, pulse(batch, 1, units)).output.map((steps) => steps[0] ?? []);
}

/** Those that it draws for h', by sequence and direction: the second step is 1 plus the mask of the first's 1. */
function recurrentMasksOf(seed: number, recurrentDropout: number): number[][][] {
  const layer = passingThrough(
    { inputSize: units, units, seed, recurrentDropout, activation: "relu", bidirectional: "concat", returnSequences: true },
    true,
  );
  return trained(layer, pulse(batch, 2, units, 1)).output.map(([first = [], second = []]) => [
    second.slice(0, units).map((value) => value - 1),
    first.slice(units).map((value) => value - 1),
  ]);
}

/** The sequences of x, each up to its end. */
function sequences(): number[][][] {
  return nested(x).map((steps, sequence) => steps.slice(0, lengths[sequence]));
}

function nested(of: Tensor | undefined): number[][][] {
  return of?.toArray() as number[][][];
}

/** The first rows are these. */
function expectClose(actual: readonly Vector[] | undefined, expected: readonly Vector[]): void {
  const numbers = expected.flat();
  const received = (actual ?? []).slice(0, expected.length).flat();
  expect(received.length).toBe(numbers.length);
  expect(Math.max(...numbers.map((value, index) => Math.abs((received[index] ?? Number.NaN) - value)))).toBeLessThan(1e-12);
}
