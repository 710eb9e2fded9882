import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { valueAndGradients } from "../autograd/gradients.js";
import { concat } from "../autograd/ops/concat.js";
import { multiply } from "../autograd/ops/multiply.js";
import { sum } from "../autograd/ops/sum.js";
import { withEngine } from "../engine/current.js";
import { threadedEngine } from "../engine/testing/threaded-engine.js";
import { tensor } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Batch } from "../training/batch.js";
import { evaluateLoss } from "../training/evaluate-loss.js";
import { fit } from "../training/fit.js";
import { crossEntropy } from "../training/losses/cross-entropy.js";
import { adam } from "../training/optimizers/adam.js";
import { type Attention, type AttentionOptions, attention } from "./attention.js";
import { gru } from "./cells.js";
import { dense } from "./dense.js";
import { embedding } from "./embedding.js";
import { model } from "./model.js";
import { sequential } from "./sequential.js";
import { expectFixture, readFixtures, weightsOf } from "./testing/fixtures.js";
import { randomTensor } from "./testing/random-tensor.js";

const KINDS = ["dot", "general", "concat", "bahdanau"] as const;
const lengths = [3, 1, 4];
const memoryLengths = [2, 6, 4];

function layerOf(kind: (typeof KINDS)[number]): Attention {
  return attention({ inputSize: 5, memorySize: kind === "dot" ? 5 : 4, attention: kind, seed: 1 });
}

const inputs = (memorySize: number) => ({ x: randomTensor([3, 4, 5], 1), memory: randomTensor([3, 6, memorySize], 2) });

describe("attention", () => {
  it.each(readFixtures("attention"))(
    "gives the contexts, shares and gradients of PyTorch's transcription: $options.attention",
    (fixture) => {
      const { options, lengths: own, memoryLengths: places } = fixture;
      expectFixture(fixture, () => {
        const layer = attention(options);
        const { memory, ...weights } = Object.fromEntries(weightsOf(fixture));
        layer.loadStateDict(weights);
        const call = { memory: memory as Tensor, lengths: own, memoryLengths: places };
        return {
          variables: { memory: memory as Tensor, ...Object.fromEntries(layer.parameters.map((one) => [one.name, one])) },
          apply: (x) => {
            const read = layer.apply(x, call);
            expect(read.attention.shape).toEqual(fixture.attention.shape);
            for (const [at, share] of fixture.attention.data.entries()) expect(read.attention.data[at]).toBeCloseTo(share, 5);
            return read.context;
          },
        };
      });
    },
  );

  it.each(KINDS)("its gradients are those of finite differences, of queries and memory of unequal lengths: %s", (kind) => {
    const layer = layerOf(kind);
    const { x, memory } = inputs(layer.memorySize);
    const weights = randomTensor([3, 4, layer.memorySize], 3);
    const { largestError } = checkGradients([...layer.parameters, x, memory], () =>
      sum(multiply(layer.apply(x, { memory, lengths, memoryLengths }).context, weights)),
    );
    expect(largestError).toBeLessThan(1e-6);
  });

  it.each(KINDS)("gives its weights and memory the same gradients where the queries are asked for none: %s", (kind) => {
    const layer = layerOf(kind);
    const { x, memory } = inputs(layer.memorySize);
    const loss = () => sum(layer.apply(x, { memory, lengths, memoryLengths }).context);
    const all = valueAndGradients([...layer.parameters, memory, x], loss).gradients.slice(0, -1);
    const some = valueAndGradients([...layer.parameters, memory], loss).gradients;
    expect(some.map(({ data }) => data)).toEqual(all.map(({ data }) => data));
  });

  it.each(KINDS)("a batch gives each query what it gets alone, whatever stands past the ends: %s", (kind) => {
    const layer = layerOf(kind);
    const { x, memory } = inputs(layer.memorySize);
    const together = layer.apply(x, { memory, lengths, memoryLengths });
    for (const [b, steps] of lengths.entries()) {
      const places = memoryLengths[b] as number;
      const seen = tensor(memory.data.slice(b * 6 * layer.memorySize, (b * 6 + places) * layer.memorySize), [
        ...[1, places, layer.memorySize],
      ]);
      for (let t = 0; t < 4; t++) {
        const query = tensor(x.data.slice((b * 4 + t) * 5, (b * 4 + t + 1) * 5), [1, 1, 5]);
        const alone = layer.apply(query, { memory: seen });
        const context = together.context.data.slice((b * 4 + t) * layer.memorySize, (b * 4 + t + 1) * layer.memorySize);
        const shares = together.attention.data.slice((b * 4 + t) * 6, (b * 4 + t + 1) * 6);
        expect(context).toEqual(t < steps ? alone.context.data : new Float32Array(layer.memorySize));
        const own = t < steps ? Array.from(alone.attention.data) : [];
        expect(Array.from(shares)).toEqual([...own, ...Array(6 - own.length).fill(0)]);
      }
    }
  });

  it.each([2, 3])("gives the bits of one thread on %i threads", async (threads) => {
    const engines = [await threadedEngine("baseline", 1), await threadedEngine("baseline", threads)];
    for (const kind of ["general", "concat"] as const) {
      const [one, several] = engines.map((engine) =>
        withEngine(engine, () => {
          const layer = attention({ inputSize: 24, memorySize: 12, attention: kind, seed: 2 });
          const [x, memory] = [randomTensor([17, 6, 24], 1), randomTensor([17, 9, 12], 2)];
          const own = Array.from({ length: 17 }, (_, b) => 1 + (b % 6));
          const call = { memory, lengths: own, memoryLengths: own.map((length) => 1 + ((2 * length) % 9)) };
          const { value, gradients } = valueAndGradients([...layer.parameters, x, memory], () =>
            sum(layer.apply(x, call).context),
          );
          return [value, ...gradients.map(({ data }) => Array.from(data))];
        }),
      );
      expect(several).toEqual(one);
    }
  });

  it.each<[Partial<AttentionOptions>, RegExp]>([
    [{ attention: "dot" }, /received inputSize 5 and memorySize 4; make them equal, or use `general`/],
    [{ attention: "general", attentionUnits: 3 }, /`attentionUnits` is for concat and bahdanau, the attention is general/],
    [{ inputSize: 0 }, /`inputSize` must be a whole number of at least 1, received 0/],
    [{ attention: "cosine" as never }, /must be one of dot, general, concat, bahdanau, received "cosine"/],
  ])("refuses %j", (options, message) => {
    expect(() => attention({ inputSize: 5, memorySize: 4, ...options })).toThrow(message);
  });

  it("says what is wrong with queries, memory and lengths", () => {
    const layer = layerOf("general");
    const { x, memory } = inputs(4);
    expect(() => layer.apply(randomTensor([3, 4, 6], 1), { memory })).toThrow(/must be \[batch, time, 5\].*set inputSize: 6/);
    expect(() => layer.apply(x, { memory: randomTensor([3, 6, 5], 1) })).toThrow(/memory: .*set memorySize: 5/);
    expect(() => layer.apply(x, { memory: randomTensor([2, 6, 4], 1) })).toThrow(/the memory must be of 3 sequences like `x`/);
    expect(() => layer.apply(x, { memory, memoryLengths: [1, 7, 1] })).toThrow(/whole numbers from 1 to 6/);
    expect(() => layer.apply(x, {} as never)).toThrow(/memory/);
    const stack = sequential([dense({ inputSize: 5, units: 5 }), layer]);
    expect(() => stack.apply(x)).toThrow(/attention: it attends to a memory, received none/);
    expect(() => stack.stream()).toThrow(/attention/);
  });
});

const SYMBOLS = 6;
const UNITS = 16;

/** An encoder and a decoder of one's own, that read two inputs. */
const writer = () =>
  model(
    {
      symbols: embedding({ vocabularySize: SYMBOLS, units: 8 }),
      encoder: gru({ inputSize: 8, units: UNITS / 2, bidirectional: "concat", returnSequences: true }),
      decoder: gru({ inputSize: 8, units: UNITS, returnSequences: true }),
      attention: attention({ inputSize: UNITS, memorySize: UNITS }),
      head: dense({ inputSize: 2 * UNITS, units: SYMBOLS }),
    },
    ({ symbols, encoder, decoder, attention: reading, head }, x: Tensor, { lengths = [], source }) => {
      const memoryLengths = source?.lengths ?? [];
      const memory = encoder.apply(symbols.apply(source?.x ?? []), { lengths: memoryLengths }).output;
      const states = decoder.apply(symbols.apply(x), { lengths }).output;
      return head.apply(concat([states, reading.apply(states, { memory, memoryLengths, lengths }).context], 2));
    },
    { seed: 1 },
  );

/** Sequences of 1 to 5 to be written backwards; 0 begins and ends them. */
function reversals(): Batch[] {
  let state = 1;
  const digit = () => {
    state = (state * 48271) % 2147483647;
    return 1 + (state % 5);
  };
  const ids = (rows: readonly (readonly number[])[]) => {
    return tensor(Int32Array.from(rows.flatMap((row) => [...row, 0, 0, 0, 0, 0].slice(0, 5))), [rows.length, 5]);
  };
  return Array.from({ length: 40 }, () => {
    const own = Array.from({ length: 16 }, () => 1 + (digit() % 4));
    const sources = own.map((length) => Array.from({ length }, digit));
    return {
      source: { x: ids(sources), lengths: own },
      x: ids(sources.map((digits) => [0, ...digits.toReversed()])),
      y: ids(sources.map((digits) => digits.toReversed())),
      lengths: own.map((length) => length + 1),
    };
  });
}

describe("a model with attention between two inputs", () => {
  it("learns by fit to write sequences backwards", async () => {
    const own = writer();
    const [held, ...rest] = reversals() as [Batch, ...Batch[]];
    await fit(own, rest, { loss: crossEntropy(), optimizer: adam({ learningRate: 0.01 }), epochs: 12, clipNorm: 1 });
    expect(await evaluateLoss(own, [held], crossEntropy())).toBeLessThan(0.1);
    expect(own.summary()).toMatch(/attention \(attention\) {2,}\[batch, …, 16\]/);
  });

  it("refuses a batch with a source that its function doesn't read", async () => {
    const plain = model({ body: dense({ inputSize: 2, units: 2 }) }, ({ body }, x: Tensor) => body.apply(x));
    const batch = { x: randomTensor([1, 3, 2], 1), y: [[0, 1, 0]], source: { x: randomTensor([1, 3, 2], 2) } };
    await expect(evaluateLoss(plain, [batch], crossEntropy())).rejects.toThrow(
      "model: the batch has a `source`, which its function doesn't read; leave it out",
    );
  });
});
