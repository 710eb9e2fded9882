import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { softmaxCrossEntropy } from "../autograd/ops/cross-entropy.js";
import { reshape } from "../autograd/ops/reshape.js";
import { tensor } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Batch } from "../training/batch.js";
import { evaluateLoss } from "../training/evaluate-loss.js";
import { fit } from "../training/fit.js";
import { crossEntropy } from "../training/losses/cross-entropy.js";
import { adam } from "../training/optimizers/adam.js";
import { type AttentionDecoderOptions, attentionDecoder } from "./attention-decoder.js";
import { gru } from "./cells.js";
import { dense } from "./dense.js";
import { embedding } from "./embedding.js";
import { type EncoderDecoder, encoderDecoder } from "./encoder-decoder.js";
import { sequential } from "./sequential.js";

const SYMBOLS = 7;
const UNITS = 16;

function network(options: Partial<AttentionDecoderOptions> = {}): EncoderDecoder {
  return encoderDecoder(
    sequential(
      [
        embedding({ vocabularySize: SYMBOLS, units: 8 }),
        gru({ units: UNITS / 2, bidirectional: "concat", returnSequences: true }),
      ],
      { seed: 1 },
    ),
    sequential(
      [
        embedding({ vocabularySize: SYMBOLS, units: 8 }),
        attentionDecoder({ units: UNITS, memorySize: UNITS, ...options }),
        dense({ units: SYMBOLS }),
      ],
      { seed: 2 },
    ),
    { seed: 3 },
  );
}

/** Sequences of 1 to 6 to be written backwards; 0 begins and ends them. */
function reversals(): Batch[] {
  let state = 1;
  const digit = () => {
    state = (state * 48271) % 2147483647;
    return 1 + (state % 6);
  };
  return Array.from({ length: 40 }, () => {
    const lengths = Array.from({ length: 16 }, () => 1 + (digit() % 5));
    const sources = lengths.map((length) => Array.from({ length }, digit));
    const pad = (values: number[]) => [...values, ...Array(6).fill(0)].slice(0, 6);
    return {
      source: { x: ids(sources.map((own) => pad(own))), lengths },
      x: ids(sources.map((own) => pad([0, ...own.toReversed()]))),
      y: ids(sources.map((own) => pad([...own.toReversed(), 0]))),
      lengths: lengths.map((length) => length + 1),
    };
  });
}

function ids(rows: readonly (readonly number[])[]): Tensor {
  return tensor(Int32Array.from(rows.flat()), [rows.length, (rows[0] as readonly number[]).length]);
}

describe("encoderDecoder", () => {
  it("learns by fit to write sequences backwards, which it can't without what it attends to", async () => {
    const learned = network();
    const batches = reversals();
    const [held, ...rest] = batches as [Batch, ...Batch[]];
    await fit(learned, rest, { loss: crossEntropy(), optimizer: adam({ learningRate: 0.01 }), epochs: 12, clipNorm: 1 });
    expect(await evaluateLoss(learned, [held], crossEntropy())).toBeLessThan(0.1);
  });

  it("its gradients are those of finite differences, through decoder, bridge and encoder", () => {
    const own = network({ attention: "bahdanau", layers: 2 });
    const source = {
      x: ids([
        [1, 2, 3],
        [4, 0, 0],
      ]),
      lengths: [3, 1],
    };
    const { largestError } = checkGradients(
      own.parameters,
      () => {
        const logits = own.apply(
          ids([
            [0, 3],
            [0, 4],
          ]),
          { source },
        );
        return softmaxCrossEntropy(reshape(logits, [4, SYMBOLS]), tensor(Int32Array.of(3, 2, 4, 0), [4]));
      },
      { entries: 12 },
    );
    expect(largestError).toBeLessThan(1e-6);
  });

  it.each(["general", "bahdanau"] as const)("step by step it writes the bits that it gives teacher-forced: %s", (attention) => {
    const own = network({ attention, layers: 2, cell: "gru" });
    const source = {
      x: ids([
        [1, 2, 3, 4],
        [5, 6, 0, 0],
      ]),
      lengths: [4, 2],
    };
    const targets = [
      [0, 2, 1],
      [0, 6, 3],
    ];
    const whole = own.apply(ids(targets), { source });
    const steps = own.decode(source);
    for (let t = 0; t < 3; t++) {
      const logits = steps.next(
        targets.map((row) => row[t] as number),
        Int32Array.of(0, 1),
      );
      const expected = [0, 1].flatMap((b) => Array.from(whole.data.slice((b * 3 + t) * SYMBOLS, (b * 3 + t + 1) * SYMBOLS)));
      expect(Array.from(logits)).toEqual(expected);
    }
    expect(steps.attentionOf(1).reduce((total, share) => total + share, 0)).toBeCloseTo(1, 6);
    expect([steps.attentionOf(0).length, steps.attentionOf(1).length]).toEqual([4, 2]);
  });

  it("rows go on from any row of the step before, several of one source side by side", () => {
    const own = network();
    const source = {
      x: ids([
        [1, 2],
        [3, 4],
      ]),
    };
    const steps = own.decode(source);
    steps.next([0, 0], Int32Array.of(0, 1));
    const together = steps.next([5, 1, 5], Int32Array.of(1, 0, 0));
    const alone = own.decode({ x: ids([[3, 4]]) });
    alone.next([0], Int32Array.of(0));
    expect(Array.from(together.slice(0, SYMBOLS))).toEqual(Array.from(alone.next([5], Int32Array.of(0))));
  });

  it("weights have the names of its parts, and load", () => {
    const [one, other] = [network(), network({ seed: 9 })];
    const weights = one.stateDict();
    expect([...weights.keys()]).toContain("encoder.1.weight_ih_l0_reverse");
    expect([...weights.keys()]).toContain("decoder.1.weight_fed_l0");
    expect([...weights.keys()]).toContain("bridge.weight");
    other.loadStateDict(weights);
    const call = { source: { x: ids([[1, 2]]) } };
    expect(other.apply(ids([[0]]), call).data).toEqual(one.apply(ids([[0]]), call).data);
    expect(one.summary()).toMatch(/attentionDecoder/);
  });

  it("says what is missing", async () => {
    const simple = sequential([embedding({ vocabularySize: 3, units: 4 }), dense({ units: 3 })]);
    expect(() => encoderDecoder(simple, simple)).toThrow(/must have one attentionDecoder layer, received 0/);
    const own = network();
    const batch = { x: ids([[0]]), y: ids([[1]]) };
    await expect(fit(own, [batch], { loss: crossEntropy(), optimizer: adam() })).rejects.toThrow(/a batch needs a `source`/);
    expect(() => own.decoder.apply(ids([[0]]))).toThrow(/it attends to a memory, received none; put it into an encoderDecoder/);
    expect(() => own.decoder.stream()).toThrow(/attentionDecoder/);
    expect(() => own.apply(ids([[0], [0]]), { source: { x: ids([[1]]) } })).toThrow(/the memory must be of 2 sequences/);
  });
});
