import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { type Variable, valueAndGradients } from "../autograd/gradients.js";
import { concat } from "../autograd/ops/concat.js";
import { multiply } from "../autograd/ops/multiply.js";
import { reshape } from "../autograd/ops/reshape.js";
import { sum } from "../autograd/ops/sum.js";
import { withEngine } from "../engine/current.js";
import { threadedEngine } from "../engine/testing/threaded-engine.js";
import { tensor } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import { type AttentionDecoder, type AttentionDecoderOptions, attentionDecoder } from "./attention-decoder.js";
import { expectFixture, readFixtures, weightsOf } from "./testing/fixtures.js";
import { randomTensor } from "./testing/random-tensor.js";

const KINDS = ["dot", "general", "concat", "bahdanau"] as const;
const CELLS = ["rnn", "lstm", "gru"] as const;
const UNITS = 5;
const lengths = [3, 1, 4];
const memoryLengths = [2, 6, 4];

function flat({ output, state }: { output: Tensor; state: Readonly<Record<string, Tensor>> }): Tensor {
  return concat([output, ...Object.values(state)].map((part) => reshape(part, [part.size])));
}

function decoder(options: Partial<AttentionDecoderOptions> = {}): AttentionDecoder {
  const memorySize = options.attention === "dot" ? UNITS : 4;
  return attentionDecoder({ units: UNITS, inputSize: 3, memorySize, seed: 1, ...options });
}

const inputs = (memorySize: number) => ({ x: randomTensor([3, 4, 3], 1), memory: randomTensor([3, 6, memorySize], 2) });

describe("attentionDecoder", () => {
  it.each(readFixtures("decoder"))(
    "gives the outputs, final states and gradients of PyTorch's transcription: $name",
    (fixture) => {
      const { options, given } = fixture;
      expectFixture(fixture, () => {
        const layer = attentionDecoder(options);
        const values = weightsOf(fixture);
        const others = new Map(given.map((name) => [name, values.get(name) as Tensor]));
        layer.loadStateDict(new Map([...values].filter(([name]) => !others.has(name))));
        const { memory, ...initialState } = Object.fromEntries(others);
        const weights = layer.parameters.map((parameter): [string, Variable] => [parameter.name, parameter]);
        return {
          variables: Object.fromEntries([...weights, ...others]),
          apply: (x) =>
            flat(
              layer.apply(x, {
                ...{ memory: memory as Tensor, initialState },
                ...{ lengths: fixture.lengths, memoryLengths: fixture.memoryLengths },
              }),
            ),
        };
      });
    },
  );

  it.each(CELLS.flatMap((cell) => KINDS.map((attention) => ({ cell, attention }))))(
    "its gradients are those of finite differences, with dropout: $cell, $attention",
    ({ cell, attention }) => {
      const layer = decoder({ cell, attention, layers: 2, dropout: 0.3, recurrentDropout: 0.3 });
      const { x, memory } = inputs(layer.memorySize);
      const weights = randomTensor([3 * 4 * UNITS], 3);
      const { largestError } = checkGradients([...layer.parameters, x, memory], () =>
        sum(multiply(reshape(layer.apply(x, { memory, lengths, memoryLengths }).output, [3 * 4 * UNITS]), weights)),
      );
      expect(largestError).toBeLessThan(1e-6);
    },
  );

  it.each(KINDS)("step by step it gives the bits of the whole sequence: %s", (attention) => {
    const layer = decoder({ attention, layers: 2 });
    const { x, memory } = inputs(layer.memorySize);
    const whole = layer.apply(x, { memory, memoryLengths });
    let state: Readonly<Record<string, Tensor>> | undefined;
    for (let t = 0; t < 4; t++) {
      const values = Array.from({ length: 3 }, (_, b) => Array.from(x.data.slice((b * 4 + t) * 3, (b * 4 + t + 1) * 3)));
      const one = layer.apply(tensor(values.map((row) => [row])), {
        ...{ memory, memoryLengths },
        ...(state ? { initialState: state } : {}),
      });
      for (let b = 0; b < 3; b++) {
        const expected = whole.output.data.slice((b * 4 + t) * UNITS, (b * 4 + t + 1) * UNITS);
        expect(one.output.data.slice(b * UNITS, (b + 1) * UNITS)).toEqual(expected);
      }
      state = one.state;
    }
    for (const [name, value] of Object.entries(whole.state)) expect(state?.[name]?.data, name).toEqual(value.data);
  });

  it("attends to a sequence's own places alone, and what is read of them sums to 1 at each of its own steps", () => {
    const layer = decoder();
    const { x, memory } = inputs(4);
    const { attention } = layer.apply(x, { memory, lengths, memoryLengths });
    expect(attention.shape).toEqual([3, 4, 6]);
    for (let b = 0; b < 3; b++) {
      for (let t = 0; t < 4; t++) {
        const row = Array.from(attention.data.slice((b * 4 + t) * 6, (b * 4 + t + 1) * 6));
        const own = row.slice(0, memoryLengths[b]);
        expect(row.reduce((total, share) => total + share, 0)).toBeCloseTo(t < (lengths[b] as number) ? 1 : 0, 6);
        expect(row.slice(memoryLengths[b]).every((share) => share === 0)).toBe(true);
        if (t < (lengths[b] as number)) expect(own.every((share) => share > 0)).toBe(true);
      }
    }
  });

  it("a batch gives each sequence what it gets alone, whatever stands past the ends", () => {
    const layer = decoder({ attention: "concat", cell: "gru" });
    const { x, memory } = inputs(4);
    const together = layer.apply(x, { memory, lengths, memoryLengths }).output;
    for (let b = 0; b < 3; b++) {
      const [steps, places] = [lengths[b] as number, memoryLengths[b] as number];
      const own = tensor(x.data.slice(b * 12, b * 12 + steps * 3), [1, steps, 3]);
      const seen = tensor(memory.data.slice(b * 24, b * 24 + places * 4), [1, places, 4]);
      const alone = layer.apply(own, { memory: seen }).output;
      expect(together.data.slice(b * 4 * UNITS, (b * 4 + steps) * UNITS)).toEqual(alone.data);
    }
  });

  it.each([2, 3])("gives the bits of one thread on %i threads", async (threads) => {
    const engines = [await threadedEngine("baseline", 1), await threadedEngine("baseline", threads)];
    const [one, several] = engines.map((engine) =>
      withEngine(engine, () => {
        const layer = attentionDecoder({ units: 24, inputSize: 8, memorySize: 12, layers: 2, attention: "bahdanau", seed: 2 });
        const [x, memory] = [randomTensor([17, 6, 8], 1), randomTensor([17, 9, 12], 2)];
        const own = { lengths: Array.from({ length: 17 }, (_, b) => 1 + (b % 6)) };
        const call = { memory, ...own, memoryLengths: own.lengths.map((length) => 1 + ((2 * length) % 9)) };
        const { value, gradients } = valueAndGradients([...layer.parameters, memory], () => sum(layer.apply(x, call).output));
        return [value, ...gradients.map(({ data }) => Array.from(data))];
      }),
    );
    expect(several).toEqual(one);
  });

  it.each<[Partial<AttentionDecoderOptions>, RegExp]>([
    [
      { attention: "dot", memorySize: 4 },
      /compares states and memory as they are, received units 5 and memorySize 4; make them equal/,
    ],
    [{ attention: "bahdanau", inputFeeding: true }, /with bahdanau the cell reads the context of its own step/],
    [
      { attention: "general", attentionUnits: 3 },
      /`attentionUnits` is for concat and bahdanau, the attention is general; leave it out/,
    ],
    [{ units: 0 }, /`units` must be a whole number of at least 1, received 0/],
    [{ dropout: 1 }, /`dropout` must be from 0 to below 1/],
    [{ attention: "cosine" as never }, /must be one of dot, general, concat, bahdanau, received "cosine"/],
    [{ heads: 2 } as never, /heads/],
  ])("refuses %j", (options, message) => {
    expect(() => decoder(options)).toThrow(message);
  });

  it("says what is wrong with a memory, lengths and states", () => {
    const layer = decoder();
    const { x, memory } = inputs(4);
    expect(() => layer.apply(x, { memory: randomTensor([3, 6, 5], 1) })).toThrow(
      /memory: .*\[batch, time, 4\].*set memorySize: 5/,
    );
    expect(() => layer.apply(x, { memory: randomTensor([2, 6, 4], 1) })).toThrow(
      /the memory must be of 3 sequences like `x`, received 2/,
    );
    expect(() => layer.apply(x, { memory, memoryLengths: [1, 7, 1] })).toThrow(/whole numbers from 1 to 6/);
    expect(() => layer.apply(x, { memory, initialState: { h: randomTensor([1, 3, 4], 1) } })).toThrow(
      /state `h` must be \[1, 3, 5\]/,
    );
    expect(() => layer.apply(x, { memory, initialState: { k: randomTensor([1, 3, 5], 1) } })).toThrow(/k/);
    expect(() => layer.apply(x, {} as never)).toThrow(/memory/);
  });
});
