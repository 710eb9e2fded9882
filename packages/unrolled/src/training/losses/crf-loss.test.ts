import { describe, expect, it } from "vitest";
import { valueAndGradients } from "../../autograd/gradients.js";
import { logTotal, scoredSequences } from "../../autograd/testing/tag-sequences.js";
import { crfDecode } from "../../decoding/crf/decode.js";
import { lstm } from "../../layers/cells.js";
import { crf } from "../../layers/crf.js";
import { dense } from "../../layers/dense.js";
import { embedding } from "../../layers/embedding.js";
import { sequential } from "../../layers/sequential.js";
import { randomTensor } from "../../layers/testing/random-tensor.js";
import { tensor } from "../../tensor/create.js";
import { RandomStream } from "../../tensor/random.js";
import type { Batch } from "../batch.js";
import { evaluateLoss } from "../evaluate-loss.js";
import { evaluateMetrics } from "../evaluate-metrics.js";
import { fit } from "../fit.js";
import { accuracy } from "../metrics/accuracy.js";
import { adam } from "../optimizers/adam.js";
import { crfLoss } from "./crf-loss.js";

const batch = {
  x: [
    [1, 2, 3, 0],
    [3, 0, 0, 0],
    [2, 2, 1, 3],
  ],
  y: [
    [0, 1, 2, 7],
    [2, 7, 7, 7],
    [1, 1, 0, 2],
  ],
  lengths: [3, 1, 4],
} satisfies Batch;

function tagger() {
  const field = crf();
  const network = sequential([embedding({ vocabularySize: 4, units: 3 }), dense({ units: 3 }), field], { seed: 3 });
  field.loadStateDict({
    transitions: randomTensor([3, 3], 1),
    start_transitions: randomTensor([3], 2),
    end_transitions: randomTensor([3], 3),
  });
  return { field, network };
}

/** −log p of each sequence, enumerated. */
function expectedLosses({ field, network }: ReturnType<typeof tagger>): number[] {
  const scores = network.apply(batch.x, { lengths: batch.lengths }).data;
  const [transitions, starts, ends] = [field.transitions.read(), field.starts.read(), field.ends.read()];
  return batch.lengths.map((length, sequence) => {
    const emissions = tensor(scores.slice(sequence * 12, sequence * 12 + length * 3), [length, 3]);
    const own = { emissions, transitions, starts, ends };
    const y = batch.y[sequence]?.slice(0, length).join();
    const [, score] = Array.from(scoredSequences(own)).find(([tags]) => tags.join() === y) ?? [];
    return logTotal(own) - (score as number);
  });
}

describe("crfLoss", () => {
  it("is Σ −log p / Σ length, in nats per step, targets past an end not being read", async () => {
    const parts = tagger();
    const [a, b, c] = expectedLosses(parts) as [number, number, number];
    expect(await evaluateLoss(parts.network, [batch], crfLoss(parts.field))).toBeCloseTo((a + b + c) / 8, 5);
  });

  it("weighs sequences by sample weights, and leaves out those whose mask is 0", async () => {
    const parts = tagger();
    const [a, b, c] = expectedLosses(parts) as [number, number, number];
    const of = (more: Partial<Batch>) => evaluateLoss(parts.network, [{ ...batch, ...more }], crfLoss(parts.field));
    expect(await of({ sampleWeights: [2, 3, 0.5] })).toBeCloseTo((2 * a + 3 * b + 0.5 * c) / (2 * 3 + 3 * 1 + 0.5 * 4), 5);
    const mask = [
      [1, 1, 1, 0],
      [0, 0, 0, 0],
      [1, 1, 1, 1],
    ];
    expect(await of({ mask })).toBeCloseTo((a + c) / 7, 5);
    await expect(of({ mask: mask.map(([, ...rest]) => [0, ...rest]) })).rejects.toMatchObject({
      code: "UNROLLED_VALUE",
      message: expect.stringContaining(
        "crfLoss: it judges whole sequences, but the mask or the weights differ from step to step",
      ),
    });
  });

  it("gives metrics the tags that crfDecode finds", async () => {
    const { field, network } = tagger();
    const { lengths, y } = batch;
    const tags = crfDecode(field, network.apply(batch.x, { lengths }), { lengths });
    const right = tags.flatMap((own, sequence) => own.map((tag, t) => tag === y[sequence]?.[t])).filter(Boolean).length;
    const measured = await evaluateMetrics(network, [batch], { loss: crfLoss(field), metrics: [accuracy()] });
    expect(measured.accuracy).toBeCloseTo(right / 8, 6);
  });

  it("has a gradient for every weight of the network", async () => {
    const { field, network } = tagger();
    const { parameters } = network;
    const before = parameters.map((parameter) => Array.from(parameter.read().data));
    await fit(network, [batch], { loss: crfLoss(field), optimizer: adam({ learningRate: 0.01 }) });
    for (const [index, parameter] of parameters.entries()) {
      expect(Array.from(parameter.read().data), parameter.name).not.toEqual(before[index]);
    }
  });

  it("learns which tags follow each other where a step's input says nothing", async () => {
    // tags go round 0, 1, 2, 0 …; only one step in four shows its tag
    const random = new RandomStream(1, "shuffling");
    const examples = Array.from({ length: 60 }, (_, index) => Array.from({ length: 12 }, (_, t) => (index + t) % 3));
    const x = examples.map((tags) => tags.map((tag) => (random.uniform() < 0.25 ? tag + 1 : 0)));
    const field = crf();
    const network = sequential([embedding({ vocabularySize: 4, units: 4 }), dense({ units: 3 }), field], { seed: 1 });
    const options = { loss: crfLoss(field), optimizer: adam({ learningRate: 0.1 }), epochs: 30 };
    await fit(network, [{ x: x.slice(0, 40), y: examples.slice(0, 40) }], options);
    const held = { x: x.slice(40), y: examples.slice(40) };
    const { accuracy: right } = await evaluateMetrics(network, [held], { loss: crfLoss(field), metrics: [accuracy()] });
    expect(right).toBeGreaterThan(0.9);
  });

  it("refuses an output without time", async () => {
    const field = crf({ inputSize: 3 });
    const network = sequential([lstm({ inputSize: 2, units: 3 })], { seed: 1 });
    await expect(evaluateLoss(network, [{ x: randomTensor([2, 3, 2], 1), y: [0, 1] }], crfLoss(field))).rejects.toMatchObject({
      code: "UNROLLED_SHAPE",
      message: expect.stringContaining("crfLoss: it reads every step"),
    });
  });

  it("runs on the tape of a loop of one's own", () => {
    const { field, network } = tagger();
    const { gradients } = valueAndGradients(network.parameters, () => {
      const output = network.apply([[1, 2, 3]]);
      return field.negativeLogLikelihood(output, [[0, 1, 2]]);
    });
    expect(gradients.every(({ data }) => data.some((slope) => slope !== 0))).toBe(true);
  });
});
