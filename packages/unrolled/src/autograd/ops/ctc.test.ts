import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withEngine } from "../../engine/current.js";
import { referenceEngine } from "../../engine/reference-engine.js";
import { engines } from "../../engine/testing/engines.js";
import { tensor } from "../../tensor/create.js";
import { valueAndGradients } from "../gradients.js";
import { exhaustiveProbabilities, tinyLogits } from "../testing/ctc-alignments.js";
import { expectRightGradients, filled, weightedSum } from "../testing/gradients.js";
import { add } from "./add.js";
import { type CtcLossOptions, ctcLoss } from "./ctc.js";
import { scale } from "./scale.js";
import { logSoftmax } from "./softmax.js";
import { sum } from "./sum.js";

/** What fixtures/generate.py writes. */
interface CtcFixture {
  readonly name: string;
  /** [batch, time, classes] */
  readonly shape: readonly number[];
  readonly blank: number;
  readonly inputLengths: readonly number[];
  readonly targets: readonly (readonly number[])[];
  readonly logits: readonly number[];
  readonly mean: { readonly loss: number; readonly gradient: readonly number[] };
  readonly meanPerLabel: { readonly loss: number; readonly gradient: readonly number[] };
  readonly none: readonly number[];
}

const fixtures: readonly CtcFixture[] = JSON.parse(readFileSync(new URL("./fixtures/ctc.json", import.meta.url), "utf8"));
const exact = referenceEngine("float64");

describe.each([
  { name: "float64 reference", tolerance: 1e-12, create: () => exact },
  ...engines.map((engine) => ({ ...engine, tolerance: 1e-6 })),
])("ctcLoss, $name engine", ({ create, tolerance }) => {
  const engine = create();
  const largestError = (actual: ArrayLike<number> | undefined, expected: readonly number[]) =>
    Math.max(...expected.map((value, at) => Math.abs((actual?.[at] as number) - value) / Math.max(1, Math.abs(value))));

  it.each(fixtures)(
    "$name: losses and gradients are PyTorch's",
    ({ shape, logits, targets, blank, inputLengths, ...expected }) => {
      const x = tensor(Float64Array.from(logits), shape);
      const losses = withEngine(engine, () => ctcLoss(x, targets, { inputLengths, blank, reduction: "none" }));
      expect(losses.shape).toEqual(shape.slice(0, 1));
      expect(largestError(losses.data, expected.none)).toBeLessThan(tolerance);
      for (const reduction of ["mean", "meanPerLabel"] as const) {
        const { value, gradients } = withEngine(engine, () =>
          valueAndGradients([x], () => ctcLoss(x, targets, { inputLengths, blank, reduction })),
        );
        expect(largestError([value], [expected[reduction].loss]), reduction).toBeLessThan(tolerance);
        expect(largestError(gradients[0]?.data, expected[reduction].gradient), reduction).toBeLessThan(tolerance);
      }
    },
  );
});

describe("ctcLoss", () => {
  const cases: { name: string; shape: [number, number, number]; targets: number[][]; options: CtcLossOptions }[] = [
    { name: "several labels", shape: [2, 6, 4], targets: [[1, 2, 3], [2]], options: {} },
    {
      name: "repeats",
      shape: [2, 5, 3],
      targets: [
        [1, 1, 1],
        [2, 2, 1],
      ],
      options: {},
    },
    { name: "unequal lengths", shape: [3, 7, 5], targets: [[4, 1, 1], [3], [2, 3]], options: { inputLengths: [7, 1, 4] } },
    { name: "an empty target", shape: [2, 4, 3], targets: [[], [1]], options: { inputLengths: [3, 4] } },
    {
      name: "another blank",
      shape: [2, 5, 4],
      targets: [
        [0, 1],
        [3, 3],
      ],
      options: { blank: 2 },
    },
    { name: "an impossible target", shape: [2, 3, 3], targets: [[1, 1, 1], [2]], options: { zeroInfinity: true } },
    { name: "no class but the blank", shape: [1, 3, 1], targets: [[]], options: {} },
  ];

  it.each(cases)("$name: the right derivative, whatever the reduction", ({ shape, targets, options }) => {
    const logits = filled(shape);
    expectRightGradients([logits], () => scale(ctcLoss(logits, targets, options), -3));
    expectRightGradients([logits], () => ctcLoss(logits, targets, { ...options, reduction: "meanPerLabel" }));
    expectRightGradients([logits], () => weightedSum(ctcLoss(logits, targets, { ...options, reduction: "none" })));
  });

  it("adds its gradient to that of whatever else the logits are used for", () => {
    const x = filled([2, 4, 3]);
    expectRightGradients([x], () => {
      const logits = scale(x, 1.5);
      return add(weightedSum(logits), add(ctcLoss(logits, [[1, 2], [2]]), ctcLoss(logits, [[], [1, 1]])));
    });
  });

  it("is −log of the summed probabilities of all alignments, for every target that has one", () => {
    fc.assert(
      fc.property(tinyLogits, ({ logits, blank }) => {
        for (const [labels, probability] of exhaustiveProbabilities(logits, blank)) {
          const target = labels === "" ? [] : labels.split(",").map(Number);
          expect(withEngine(exact, () => ctcLoss(logits, [target], { blank }).item())).toBeCloseTo(-Math.log(probability), 9);
        }
      }),
    );
  });

  it("takes log-probabilities as they are, and does not care for a constant added to a step's logits", () => {
    const logits = filled([2, 5, 4]);
    const loss = (x = logits) => withEngine(exact, () => ctcLoss(x, [[1, 3], [2]]).item());
    expect(loss(logSoftmax(logits))).toBeCloseTo(loss(), 6);
    const shifted = logits.data.map((value, at) => value + 10 * Math.floor(at / 4));
    expect(loss(tensor(shifted, logits.shape))).toBeCloseTo(loss(), 4);
  });

  it("neither reads what stands behind a sequence's or a target's end, nor gives it a gradient", () => {
    const [batch, time, classes] = [2, 4, 3];
    const inputLengths = [4, 2];
    const logits = filled([batch, time, classes]);
    const padded = tensor(
      logits.data.map((value, at) => (at >= (time + 2) * classes ? Number.NaN : value)),
      logits.shape,
    );
    const { value, gradients } = valueAndGradients([padded], () =>
      ctcLoss(
        padded,
        [
          [1, 2],
          [2, -1],
        ],
        { inputLengths, targetLengths: [2, 1] },
      ),
    );
    expect(value).toBe(ctcLoss(logits, [[1, 2], [2]], { inputLengths }).item());
    const slopes = Array.from(gradients[0]?.data ?? []);
    expect(slopes.slice((time + 2) * classes)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(slopes.slice(0, (time + 2) * classes)).not.toContain(0);
  });

  it("gives each sequence's loss and their mean, alike whether in one batch or alone", () => {
    const logits = filled([2, 5, 3]);
    const targets = [[1, 2, 1], [2]];
    const alone = targets.map((target, sequence) => {
      const own = tensor(logits.data.slice(sequence * 15, (sequence + 1) * 15), [1, 5, 3]);
      return ctcLoss(own, [target]).item();
    }) as [number, number];
    expect(Array.from(ctcLoss(logits, targets, { reduction: "none" }).data)).toEqual(alone);
    expect(ctcLoss(logits, targets).item()).toBeCloseTo((alone[0] + alone[1]) / 2, 6);
    expect(ctcLoss(logits, targets, { reduction: "meanPerLabel" }).item()).toBeCloseTo((alone[0] / 3 + alone[1]) / 2, 6);
  });
});

describe("ctcLoss, impossible targets", () => {
  const short = filled([2, 3, 3]);

  it("refuses a sequence with too few steps, and says how many it needs", () => {
    const message =
      "ctcLoss: target 1 needs 4 steps at least (3 labels, and a blank between each of 1 repeats), received 3; " +
      "feed longer sequences, or set zeroInfinity: true to leave such ones out.";
    expect(() => ctcLoss(short, [[1], [1, 1, 2]])).toThrow(expect.objectContaining({ code: "UNROLLED_VALUE", message }));
    expect(ctcLoss(filled([1, 4, 3]), [[1, 1, 2]]).item()).toBeGreaterThan(0);
  });

  it.each(engines)("$name engine: with zeroInfinity it counts as 0 in the mean and has no gradient", ({ create }) => {
    const { value, gradients } = withEngine(create(), () =>
      valueAndGradients([short], () => ctcLoss(short, [[1], [1, 1, 2]], { zeroInfinity: true })),
    );
    expect(value).toBeCloseTo(ctcLoss(tensor(short.data.slice(0, 9), [1, 3, 3]), [[1]]).item() / 2, 6);
    expect(Array.from(gradients[0]?.data ?? []).map((slope) => slope !== 0)).toEqual(
      Array.from({ length: 18 }, (_, at) => at < 9),
    );
  });

  it.each(engines)("$name engine: logits of −∞ make the loss Infinity, or 0 with zeroInfinity; others keep theirs", (subject) => {
    withEngine(subject.create(), () => {
      const logits = tensor(
        short.data.map((value, at) => (at > 9 && at % 3 === 2 ? Number.NEGATIVE_INFINITY : value)),
        [2, 3, 3],
      );
      const losses = (zeroInfinity: boolean) => Array.from(ctcLoss(logits, [[2], [2]], { reduction: "none", zeroInfinity }).data);
      const [first, second] = losses(false) as [number, number];
      expect([first > 0 && first < 10, second]).toEqual([true, Number.POSITIVE_INFINITY]);
      expect(losses(true)).toEqual([first, 0]);
      const { gradients } = valueAndGradients([logits], () => sum(ctcLoss(logits, [[2], [2]], { reduction: "none" })));
      expect(Array.from(gradients[0]?.data ?? []).map((slope) => slope !== 0)).toEqual(
        Array.from({ length: 18 }, (_, at) => at < 9),
      );
    });
  });

  it.each(engines)("$name engine: a NaN among the logits shows in the loss, zeroInfinity or not", ({ create }) => {
    const logits = tensor(
      short.data.map((value, at) => (at === 4 ? Number.NaN : value)),
      [2, 3, 3],
    );
    for (const zeroInfinity of [false, true]) {
      expect(withEngine(create(), () => ctcLoss(logits, [[1], [2]], { zeroInfinity }).item())).toBeNaN();
    }
  });
});

describe("ctcLoss, wrong arguments", () => {
  const logits = filled([2, 4, 3]);
  const message = (text: string) => `ctcLoss: ${text}`;

  it.each([[[4, 3]], [[0, 4, 3]], [[2, 0, 3]], [[2, 4, 0]], [[2, 4, 3, 1]]])("refuses logits of shape %j", (shape) => {
    const expected = `\`logits\` must be [batch, time, classes] with one of each at least, received [${shape.join(", ")}].`;
    expect(() => ctcLoss(filled(shape), [[1], [1]])).toThrow(
      expect.objectContaining({ code: "UNROLLED_SHAPE", message: message(expected) }),
    );
  });

  it.each<{ options?: object; targets?: number[][]; code: string; text: string }>([
    {
      targets: [[1]],
      code: "UNROLLED_SHAPE",
      text: "`targets` must have one array of labels for each of 2 sequences, received 1.",
    },
    {
      options: { inputLengths: [4] },
      code: "UNROLLED_SHAPE",
      text: "`inputLengths` must have one entry for each of 2 sequences, received 1.",
    },
    ...[0, 5, 1.5, Number.NaN].map((length) => ({
      options: { inputLengths: [4, length] },
      code: "UNROLLED_SHAPE",
      text: `\`inputLengths\` must be a whole number from 1 to 4 for sequence 1, received ${length}.`,
    })),
    {
      options: { targetLengths: [1, 2] },
      code: "UNROLLED_SHAPE",
      text: "`targetLengths` must be a whole number from 0 to 1 for sequence 1, received 2.",
    },
    ...[-1, 3, 0.5].map((blank) => ({
      options: { blank },
      code: "UNROLLED_INDEX",
      text: `\`blank\` must be a class, a whole number from 0 to 2, received ${blank}.`,
    })),
    {
      targets: [[1], [2, 3]],
      code: "UNROLLED_INDEX",
      text: "target 1: indices must be whole numbers from 0 to 2, received 3 at position 1.",
    },
    {
      targets: [[0.5], [1]],
      code: "UNROLLED_DTYPE",
      text: "target 0: indices must be whole numbers from 0 to 2, received 0.5 at position 0.",
    },
    {
      targets: [[1, 0], [1]],
      code: "UNROLLED_VALUE",
      text:
        "target 0: labels must not be the blank, received 0 at position 1; " +
        "leave blanks out of the targets, or set `blank` to the class that is one.",
    },
    {
      options: { zeroInfinty: true },
      code: "UNROLLED_VALUE",
      text: "there is no option `zeroInfinty`; the options are inputLengths, targetLengths, blank, reduction, zeroInfinity.",
    },
    {
      options: { reduction: "sum" },
      code: "UNROLLED_VALUE",
      text: '`reduction` must be one of mean, meanPerLabel, none, received "sum".',
    },
  ])("$text", ({ options = {}, targets = [[1], [2]], code, text }) => {
    expect(() => ctcLoss(logits, targets, options)).toThrow(expect.objectContaining({ code, message: message(text) }));
  });
});
