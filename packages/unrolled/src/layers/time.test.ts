import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { square } from "../autograd/ops/square.js";
import { sum } from "../autograd/ops/sum.js";
import { attentionPooling } from "./attention-pooling.js";
import { gru, lstm } from "./cells.js";
import { dense } from "./dense.js";
import { dropout } from "./dropout.js";
import { lastStep, maxOverTime, meanOverTime } from "./pooling.js";
import { repeatVector } from "./repeat-vector.js";
import { residual } from "./residual.js";
import { sequential } from "./sequential.js";
import { plain } from "./testing/plain.js";
import { randomTensor } from "./testing/random-tensor.js";

const encoder = () => lstm({ inputSize: 2, units: 3, returnSequences: true });

describe("a network that ends and begins time", () => {
  it("reads a sequence, and writes another of another length from its last state, with the right gradients", () => {
    const network = sequential(
      [lstm({ inputSize: 2, units: 3 }), repeatVector(5), gru({ units: 4, returnSequences: true }), dense({ units: 2 })],
      {
        seed: 1,
      },
    );
    const x = randomTensor([3, 4, 2], 1);
    expect(network.apply(x).shape).toEqual([3, 5, 2]);
    const loss = () => sum(square(network.apply(x, { lengths: [2, 4, 1] })));
    expect(checkGradients([...network.parameters, x], loss).largestError).toBeLessThan(1e-6);
  });

  it("shows where there is time", () => {
    const shapes = sequential([
      encoder(),
      dropout(0.5),
      meanOverTime(),
      repeatVector(2),
      dense({ units: 4 }),
      attentionPooling({ units: 2 }),
    ])
      .summary()
      .split("\n")
      .map((line) => line.split(/ {2,}/)[1]);
    expect(shapes.slice(1, -1)).toEqual([
      "[batch, time, 3]",
      "[batch, time, 3]",
      "[batch, 3]",
      "[batch, time, 3]",
      "[batch, time, 4]",
      "[batch, 4]",
    ]);
  });

  it.each([
    { name: "lstm", end: () => lstm({ units: 3 }), mend: "the last; set its returnSequences: true" },
    { name: "maxOverTime", end: maxOverTime, mend: "one row a sequence; put it behind" },
    { name: "attentionPooling", end: () => attentionPooling({ units: 2 }), mend: "one row a sequence; put it behind" },
  ])("refuses a layer that reads every step where $name has ended time before it", ({ name, end, mend }) => {
    for (const [reader, make] of [
      ["gru", () => gru({ units: 2 })],
      ["lastStep", lastStep],
    ] as const) {
      expect(() => sequential([encoder(), end(), dropout(0.1), make()])).toThrow(
        expect.objectContaining({
          code: "UNROLLED_VALUE",
          message: `sequential: ${reader} after dropout: it reads every step, but the ${name} before gives only ${mend}.`,
        }),
      );
      expect(() => sequential([encoder(), end(), repeatVector(2), make()])).not.toThrow();
    }
  });

  it.each([
    { name: "meanOverTime", layer: meanOverTime },
    { name: "maxOverTime", layer: maxOverTime },
    { name: "attentionPooling", layer: () => attentionPooling({ units: 2 }) },
  ])("can't be streamed through $name, which needs whole sequences", ({ name, layer }) => {
    expect(() => sequential([encoder(), layer()]).stream()).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: `stream: the ${name} in the network needs whole sequences; apply the network to them.`,
      }),
    );
  });

  it("can be streamed through lastStep, which gives the last step so far", () => {
    const network = sequential([encoder(), lastStep()], { seed: 1 });
    const stream = network.stream();
    stream.step([1, 2]);
    expect(Array.from(stream.step([3, 4]))).toEqual(
      network
        .apply([
          [
            [1, 2],
            [3, 4],
          ],
        ])
        .toArray()[0 as never],
    );
  });
});

describe("a recurrent layer in a residual connection", () => {
  const make = () =>
    sequential(
      [dense({ inputSize: 2, units: 3 }), residual([gru({ units: 3, returnSequences: true }), dropout(0)]), dense({ units: 2 })],
      {
        seed: 1,
      },
    );

  it("keeps its state in a stream and over stretches of a sequence", () => {
    const network = make();
    const x = randomTensor([1, 4, 2], 1);
    const whole = network.apply(x);
    const stream = network.stream();
    const steps = [0, 1, 2, 3].flatMap((t) => Array.from(stream.step(x.data.slice(2 * t, 2 * t + 2))));
    expect(steps).toEqual(Array.from(whole.data));
    expect(network.applyWithState(x).state).toHaveLength(1);
  });

  it("is named by its places, and loaded by them", () => {
    const [one, other] = [make(), sequential(make().layers.map((layer) => layer))];
    expect([...one.stateDict().keys()].slice(2, -2)).toEqual([
      "1.0.weight_ih_l0",
      "1.0.weight_hh_l0",
      "1.0.bias_ih_l0",
      "1.0.bias_hh_l0",
    ]);
    other.loadStateDict(one.stateDict());
    const x = randomTensor([2, 3, 2], 1);
    expect(plain(other.apply(x))).toEqual(plain(one.apply(x)));
  });
});
