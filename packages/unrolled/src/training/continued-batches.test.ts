import { describe, expect, it } from "vitest";
import { valueAndGradients } from "../autograd/gradients.js";
import { softmaxCrossEntropy } from "../autograd/ops/cross-entropy.js";
import { withEngine } from "../engine/current.js";
import { engines } from "../engine/testing/engines.js";
import type { NetworkState } from "../layers/carried-state.js";
import { gru, lstm } from "../layers/cells.js";
import { dense } from "../layers/dense.js";
import { embedding } from "../layers/embedding.js";
import { type Sequential, sequential } from "../layers/sequential.js";
import { plain } from "../layers/testing/plain.js";
import { tensor } from "../tensor/create.js";
import type { Batch } from "./batch.js";
import { evaluateLoss } from "./evaluate-loss.js";
import { fit } from "./fit.js";
import { crossEntropy } from "./losses/cross-entropy.js";
import { sgd } from "./optimizers/sgd.js";

const text = [
  [0, 3, 1, 4, 2, 0, 1, 1, 3, 2],
  [4, 4, 0, 2, 1, 3, 3, 0, 2, 1],
];

interface Stretch extends Batch {
  x: number[][];
  y: number[][];
}

/** Steps `from` to `to` of both sequences, and what comes one step later. */
function stretch(from: number, to: number, continues: boolean): Stretch {
  const cut = (shift: number) => text.map((sequence) => sequence.slice(from + shift, to + shift));
  return { x: cut(0), y: cut(1), continues };
}

const network = () =>
  sequential(
    [
      embedding({ vocabularySize: 5, units: 3 }),
      lstm({ units: 6, layers: 2, returnSequences: true }),
      gru({ units: 5, returnSequences: true }),
      dense({ units: 5 }),
    ],
    { seed: 1 },
  );
const options = () => ({ loss: crossEntropy(), optimizer: sgd({ learningRate: 0.5, momentum: 0.5 }) });

/** The same by hand: each stretch begins with the states in which the one before ended, before the weights changed. */
function byHand(on: Sequential, batches: readonly Stretch[]): number[] {
  const { optimizer } = options();
  let state: NetworkState | undefined;
  return batches.map(({ x, y, continues }) => {
    const ends: NetworkState[] = [];
    const { value, gradients } = valueAndGradients(on.parameters, () => {
      const { output, state: end } = on.applyWithState(x, continues ? state : undefined);
      ends.push(
        end.map((each) => Object.fromEntries(Object.entries(each).map(([name, { data, shape }]) => [name, tensor(data, shape)]))),
      );
      return softmaxCrossEntropy(output, tensor(y));
    });
    state = ends[0];
    optimizer.update(on.parameters, gradients);
    return value;
  });
}

const batches = [stretch(0, 3, false), stretch(3, 6, true), stretch(6, 9, true), stretch(0, 4, false), stretch(4, 6, true)];

describe("a batch that continues the one before", () => {
  it.each(engines)(
    "begins with the states in which that ended, bit for bit, and sends no gradient back: $name",
    async ({ create }) => {
      const engine = create();
      const [fitted, own] = [withEngine(engine, network), withEngine(engine, network)];
      const losses: number[] = [];
      await fit(fitted, batches, { ...options(), onProgress: ({ loss }) => losses.push(loss) });
      const expected = byHand(own, batches);
      for (const [step, loss] of losses.entries()) expect(loss).toBeCloseTo(expected[step] ?? Number.NaN, 5);
      expect(plain(fitted.stateDict())).toEqual(plain(own.stateDict()));
    },
  );

  it("learns otherwise than one that begins anew", async () => {
    const [carried, anew] = [network(), network()];
    await fit(carried, batches, options());
    await fit(
      anew,
      batches.map((batch) => ({ ...batch, continues: false })),
      options(),
    );
    expect(plain(carried.stateDict())).not.toEqual(plain(anew.stateDict()));
  });

  it("adds up, in evaluation, to the loss of the whole sequence", async () => {
    const on = network();
    const whole = await evaluateLoss(on, [stretch(0, 9, false)], crossEntropy());
    const parts = [stretch(0, 2, false), stretch(2, 3, true), stretch(3, 9, true)];
    expect(await evaluateLoss(on, parts, crossEntropy())).toBeCloseTo(whole, 5);
    const cold = parts.map((part) => ({ ...part, continues: false }));
    expect(Math.abs((await evaluateLoss(on, cold, crossEntropy())) - whole)).toBeGreaterThan(1e-4);
  });

  it("is refused where it has more or fewer sequences, or nothing to continue", async () => {
    const [first = stretch(0, 3, false), second = first] = batches;
    const one = { ...second, x: second.x.slice(0, 1), y: second.y.slice(0, 1) };
    await expect(fit(network(), [first, one], options())).rejects.toMatchObject({
      code: "UNROLLED_SHAPE",
      message: "batch: it continues the one before, so it must have as many sequences; 2 sequences before, 1 now.",
    });
    await expect(fit(network(), [second], options())).rejects.toMatchObject({
      code: "UNROLLED_SHAPE",
      message: "batch: it continues the one before, so it must have as many sequences; no batch before, 2 now.",
    });
  });

  it("may follow batches of another size that begin anew", async () => {
    const [first = stretch(0, 3, false), second = first] = batches;
    const single = { x: first.x.slice(0, 1), y: first.y.slice(0, 1) };
    const [fitted, own] = [network(), network()];
    await fit(fitted, [first, single, first, second], options());
    byHand(own, [first, single, first, second]);
    expect(plain(fitted.stateDict())).toEqual(plain(own.stateDict()));
  });
});

it("validation in the middle of an epoch leaves the states that training carries alone", async () => {
  const [validated, plainly] = [network(), network()];
  await fit(validated, batches, { ...options(), validation: [stretch(0, 9, false)], validateEvery: 2 });
  await fit(plainly, batches, options());
  expect(plain(validated.stateDict())).toEqual(plain(plainly.stateDict()));
});
