import { describe, expect, it } from "vitest";
import { checkGradients } from "../autograd/check-gradients.js";
import { evaluate, valueAndGradients } from "../autograd/gradients.js";
import { square } from "../autograd/ops/square.js";
import { sum } from "../autograd/ops/sum.js";
import { withEngine } from "../engine/current.js";
import { engines } from "../engine/testing/engines.js";
import { tensor } from "../tensor/create.js";
import type { Tensor, TensorData } from "../tensor/tensor.js";
import { dense } from "./dense.js";
import { dropout, lockedDropout } from "./dropout.js";
import { type Sequential, sequential } from "./sequential.js";

const features = 64;
const ones = tensor(new Float32Array(100 * features).fill(1), [100, features]);

/** Dropout behind a dense layer that gives its input as it is. */
function identityWithDropout(rate: number, seed = 3): Sequential {
  const network = sequential([dense({ inputSize: features, units: features }), dropout(rate)], { seed });
  const identity = Float32Array.from({ length: features ** 2 }, (_, index) => (index % (features + 1) === 0 ? 1 : 0));
  network.layers[0]?.loadStateDict({ weight: tensor(identity, [features, features]), bias: tensor(new Float32Array(features)) });
  return network;
}

/** What the network gives in training, and the gradient of its sum by the input. */
function inTraining(network: Sequential, x: Tensor): { output: TensorData; gradient: TensorData | undefined } {
  const outputs: TensorData[] = [];
  const { gradients } = valueAndGradients([...network.parameters, x], () => {
    const output = network.apply(x);
    outputs.push(output.data);
    return sum(output);
  });
  return { output: outputs[0] ?? new Float32Array(), gradient: gradients.at(-1)?.data };
}

describe.each(engines)("dropout on the $name engine", ({ create }) => {
  const engine = create();
  const on = <R>(work: () => R) => withEngine(engine, work);

  it("does nothing outside of training", () => {
    on(() => {
      const network = identityWithDropout(0.9);
      expect([...network.apply(ones).data]).toEqual([...ones.data]);
      expect([...evaluate(() => network.apply(ones)).data]).toEqual([...ones.data]);
    });
  });

  it.each([0.1, 0.5, 0.75])("keeps in training what is left at the same mean: divided by 1 − rate, rate %f", (rate) => {
    const { output } = on(() => inTraining(identityWithDropout(rate), ones));
    const kept = [...output].filter((value) => value !== 0);
    for (const value of kept) expect(value).toBeCloseTo(1 / (1 - rate), 5);
    // Five standard deviations of a binomial share.
    expect(Math.abs(kept.length / output.length - (1 - rate))).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / output.length));
  });

  it("lets the gradient through exactly where it let the feature through, with the same factor", () => {
    const { output, gradient } = on(() => inTraining(identityWithDropout(0.5), ones));
    expect(gradient).toEqual(output);
  });

  it("drops others in the next step, and the same again in a network of the same seed", () => {
    on(() => {
      const network = identityWithDropout(0.5);
      const [first, second] = [inTraining(network, ones).output, inTraining(network, ones).output];
      expect(second).not.toEqual(first);
      const again = identityWithDropout(0.5);
      expect(inTraining(again, ones).output).toEqual(first);
      expect(inTraining(again, ones).output).toEqual(second);
      expect(inTraining(identityWithDropout(0.5, 4), ones).output).not.toEqual(first);
    });
  });
});

it("drops the same features on every engine", () => {
  const masks = engines.map(({ create }) =>
    withEngine(create(), () => [...inTraining(identityWithDropout(0.5), ones).output].map((value) => value !== 0)),
  );
  for (const mask of masks) expect(mask).toEqual(masks[0]);
});

describe("dropout", () => {
  it("of rate 0 does nothing in training either", () => {
    expect([...inTraining(identityWithDropout(0), ones).output]).toEqual([...ones.data]);
  });

  it("drops independently in each of two dropout layers", () => {
    const network = sequential([dense({ inputSize: 1, units: 256 }), dropout(0.5), dropout(0.5)], { seed: 3 });
    network.layers[0]?.loadStateDict({
      weight: tensor(new Float32Array(256).fill(1), [256, 1]),
      bias: tensor(new Float32Array(256)),
    });
    const { output } = inTraining(network, tensor([[1]]));
    const kept = [...output].filter((value) => value !== 0);
    expect(new Set(kept)).toEqual(new Set([4]));
    expect(Math.abs(kept.length / 256 - 0.25)).toBeLessThan(0.14);
  });

  it.each([-0.1, 1, 1.5, Number.NaN])("refuses a rate of %f", (rate) => {
    expect(() => dropout(rate)).toThrow(
      expect.objectContaining({
        code: "UNROLLED_VALUE",
        message: `dropout: \`rate\` must be from 0 to below 1, received ${rate}.`,
      }),
    );
  });
});

describe.each([
  { name: "dropout", make: dropout },
  { name: "lockedDropout", make: lockedDropout },
])("$name over time", ({ name, make }) => {
  const [batch, time, units] = [3, 5, 6];
  const ones = tensor(new Float32Array(batch * time * units).fill(1), [batch, time, units]);

  /** What is left of each step of each sequence in training, with another layer of the same seed each time. */
  function masks(lengths?: number[]): number[][][] {
    const layer = make(0.5);
    layer.build(units, 3, 1);
    const outputs: unknown[] = [];
    valueAndGradients([ones], () => {
      const output = layer.apply(ones, lengths ? { lengths } : {});
      outputs.push(output.toArray());
      return sum(output);
    });
    return outputs[0] as number[][][];
  }

  it(name === "dropout" ? "draws for each step of a sequence" : "drops the same features at every step of a sequence", () => {
    for (const sequence of masks()) {
      const distinct = new Set(sequence.map((step) => JSON.stringify(step))).size;
      if (name === "dropout") expect(distinct).toBeGreaterThan(1);
      else expect(distinct).toBe(1);
    }
    expect(new Set(masks().map((sequence) => JSON.stringify(sequence))).size).toBe(batch);
  });

  it("drops the same of a sequence's own steps whatever the lengths, which sort the batch", () => {
    const whole = masks();
    for (const lengths of [
      [2, 5, 3],
      [5, 1, 4],
      [5, 5, 5],
    ]) {
      const expected = whole.map((sequence, index) =>
        sequence.map((step, t) => (t < (lengths[index] as number) ? step : Array(units).fill(0))),
      );
      expect(masks(lengths)).toEqual(expected);
    }
  });

  it("has the right gradient with unequal lengths", () => {
    const network = sequential([dense({ inputSize: 2, units, seed: 1 }), make(0.4), dense({ units: 2, seed: 2 })], { seed: 3 });
    const x = tensor(
      Float32Array.from({ length: 24 }, (_, at) => Math.sin(at + 1)),
      [3, 4, 2],
    );
    const loss = () => sum(square(network.apply(x, { lengths: [2, 4, 1] })));
    expect(checkGradients([...network.parameters, x], loss).largestError).toBeLessThan(1e-7);
  });

  it("of rate 0, and outside of training, does nothing", () => {
    expect(make(0.5).apply(ones).data).toEqual(ones.data);
    const still = make(0);
    valueAndGradients([ones], () => {
      expect(still.apply(ones).data).toEqual(ones.data);
      return sum(still.apply(ones));
    });
  });
});

it("lockedDropout refuses a rate by its own name", () => {
  expect(() => lockedDropout(1)).toThrow("lockedDropout: `rate` must be from 0 to below 1, received 1.");
});
