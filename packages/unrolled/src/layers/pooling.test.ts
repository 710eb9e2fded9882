import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { square } from "../autograd/ops/square.js";
import { sum } from "../autograd/ops/sum.js";
import { tensor } from "../tensor/create.js";
import { attentionPooling } from "./attention-pooling.js";
import { lstm } from "./cells.js";
import { dense } from "./dense.js";
import { lastStep, maxOverTime, meanOverTime } from "./pooling.js";
import { sequential } from "./sequential.js";
import { expectFixture, readFixtures, weightsOf } from "./testing/fixtures.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";

const x = tensor([
  [[1], [2], [9]],
  [[5], [-4], [3]],
]);

const layers = [
  { name: "lastStep", make: lastStep },
  { name: "meanOverTime", make: meanOverTime },
  { name: "maxOverTime", make: maxOverTime },
  { name: "attentionPooling", make: () => attentionPooling({ units: 5, inputSize: 4, seed: 1 }) },
] as const;

describe.each(layers)("$name", ({ name, make }) => {
  it("gives PyTorch's values and gradients of each sequence cut at its length, on every engine", () => {
    const fixture = readFixtures("pooling")[name];
    expectFixture(fixture, () => {
      const { lengths } = fixture;
      if (name !== "attentionPooling") return { variables: {}, apply: (steps) => make().apply(steps, { lengths }) };
      const layer = attentionPooling({ units: 6, inputSize: 3 });
      layer.loadStateDict(weightsOf(fixture));
      const { weight, bias, context } = layer;
      return { variables: { weight, bias, context }, apply: (steps) => layer.apply(steps, { lengths }) };
    });
  });

  it("gives a sequence alone what it gives it in a batch, and reads nothing past its end", () => {
    const network = sequential([
      lstm({ inputSize: 2, units: 4, returnSequences: true, seed: 1 }),
      make(),
      dense({ units: 3, seed: 2 }),
    ]);
    const batch = randomTensor([3, 5, 2], 1);
    const lengths = [2, 5, 1];
    const together = network.apply(batch, { lengths });
    expect(together.shape).toEqual([3, 3]);
    for (const [sequence, length] of lengths.entries()) {
      const alone = tensor(batch.data.slice(10 * sequence, 10 * sequence + 2 * length), [1, length, 2]);
      const expected = network.apply(alone).data;
      expect(together.data.slice(3 * sequence, 3 * sequence + 3)).toEqual(expected);
    }
  });

  it("has the right gradients behind a recurrent layer with unequal lengths", () => {
    const network = sequential([
      lstm({ inputSize: 2, units: 4, returnSequences: true, seed: 1 }),
      make(),
      dense({ units: 3, seed: 2 }),
    ]);
    const batch = randomTensor([3, 4, 2], 1);
    const loss = () => sum(square(network.apply(batch, { lengths: [2, 4, 1] })));
    expect(checkGradients([...network.parameters, batch], loss).largestError).toBeLessThan(1e-6);
  });

  it("refuses what has no time", () => {
    const network = sequential([dense({ inputSize: 2, units: 4 }), make()]);
    expect(() => network.apply([[1, 2]])).toThrow(
      expect.objectContaining({
        code: "UNROLLED_SHAPE",
        message:
          `${name}: it reads every step, but what comes in has no time; set returnSequences: true in the recurrent layer before it, ` +
          "or leave it out.",
      }),
    );
    expect(() => make().apply(randomTensor([2, 4], 1))).toThrow(`${name}: \`x\` must be [batch, time, 4], received [2, 4].`);
  });
});

describe("pooling over time", () => {
  it("takes the last, the mean and the largest of each sequence's own steps", () => {
    expect(plain([lastStep().apply(x), meanOverTime().apply(x), maxOverTime().apply(x)])).toMatchObject([
      { numbers: [9, 3] },
      { numbers: [4, Math.fround(4 / 3)] },
      { numbers: [9, 5] },
    ]);
    const lengths = [2, 1];
    expect(
      plain([lastStep().apply(x, { lengths }), meanOverTime().apply(x, { lengths }), maxOverTime().apply(x, { lengths })]),
    ).toMatchObject([{ numbers: [2, 5] }, { numbers: [1.5, 5] }, { numbers: [2, 5] }]);
  });

  it("lastStep gives the very bits of a recurrent layer without returnSequences", () => {
    const options = { inputSize: 2, units: 4, seed: 1 };
    const [every, own] = [sequential([lstm({ ...options, returnSequences: true }), lastStep()]), sequential([lstm(options)])];
    const input = randomTensor([3, 4, 2], 1);
    for (const lengths of [
      [4, 4, 4],
      [1, 4, 2],
    ]) {
      expect(plain(every.apply(input, { lengths }))).toEqual(plain(own.apply(input, { lengths })));
    }
  });

  it("attentionPooling with a context vector of 0 is the mean", () => {
    const layer = attentionPooling({ units: 3, inputSize: 2, seed: 1 });
    layer.context.write(tensor(new Float32Array(3), [1, 3]));
    const input = randomTensor([3, 4, 2], 1);
    const lengths = [1, 4, 2];
    const expected = meanOverTime().apply(input, { lengths }).data;
    for (const [at, value] of layer.apply(input, { lengths }).data.entries())
      expect(value).toBeCloseTo(expected[at] as number, 6);
  });

  it("can't be a network's first layer, which has no size", () => {
    expect(() => sequential([meanOverTime()])).toThrow(
      "meanOverTime: it can't be a network's first layer; put it behind another.",
    );
  });
});
