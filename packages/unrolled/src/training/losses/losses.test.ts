import { describe, expect, it } from "vitest";
import { valueAndGradients } from "../../autograd/gradients.js";
import { scale } from "../../autograd/ops/scale.js";
import { square } from "../../autograd/ops/square.js";
import { subtract } from "../../autograd/ops/subtract.js";
import { sum } from "../../autograd/ops/sum.js";
import { expectRightGradients, filled } from "../../autograd/testing/gradients.js";
import type { FixtureTensor } from "../../cells/testing/fixtures.js";
import { withEngine } from "../../engine/current.js";
import { referenceEngine } from "../../engine/reference-engine.js";
import { engines } from "../../engine/testing/engines.js";
import { tensor } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { readFixtures } from "../testing/fixtures.js";
import { binaryCrossEntropy } from "./binary-cross-entropy.js";
import { crossEntropy } from "./cross-entropy.js";
import { defineLoss } from "./define-loss.js";
import { gaussianLikelihood } from "./gaussian-likelihood.js";
import { huber } from "./huber.js";
import type { Loss } from "./loss.js";
import { meanAbsoluteError } from "./mean-absolute-error.js";
import { meanSquaredError } from "./mean-squared-error.js";
import { quantile } from "./quantile.js";

const exact = ({ data, shape }: FixtureTensor): Tensor => tensor(Float64Array.from(data), shape);
const makers: Record<string, (options?: object) => Loss> = {
  binaryCrossEntropy,
  gaussianLikelihood,
  huber,
  meanAbsoluteError,
  meanSquaredError,
  quantile,
};
const precisions = [
  ...engines.map((engine) => ({ ...engine, precision: "float32", bound: 1e-6 })),
  { name: "reference", precision: "float64", bound: 1e-12, create: () => referenceEngine("float64") },
];
const largestError = (actual: Tensor | undefined, { data }: FixtureTensor) =>
  Math.max(...data.map((value, at) => Math.abs((actual?.data[at] ?? Number.NaN) - value)));

describe.each(precisions)("on the $name engine in $precision", ({ create, bound }) => {
  const engine = create();

  it.each(readFixtures("value-losses"))("loss and gradient are PyTorch's, as a mean and weighted: $name", (fixture) => {
    const loss = makers[fixture.lossName]?.(fixture.options ?? {}) as Loss;
    const [output, targets, weights] = [exact(fixture.output), exact(fixture.targets), exact(fixture.weights)];
    for (const [expected, given] of [
      [fixture.plain, undefined],
      [fixture.weighted, weights],
    ] as const) {
      const { value, gradients } = withEngine(engine, () => valueAndGradients([output], () => loss.of(output, targets, given)));
      expect(Math.abs(value - expected.loss)).toBeLessThan(3 * bound);
      expect(largestError(gradients[0], expected.gradient)).toBeLessThan(bound);
    }
  });

  it.each(readFixtures("cross-entropy"))("cross-entropy is PyTorch's: $name", (fixture) => {
    const { classWeights, labelSmoothing } = fixture;
    const loss = crossEntropy({ labelSmoothing, ...(classWeights ? { classWeights } : {}) });
    const logits = exact(fixture.logits);
    const targets = tensor(Int32Array.from(fixture.targets));
    const weights = tensor(Float64Array.from(fixture.targets, (target) => (target === -100 ? 0 : 1)));
    const given = fixture.targets.includes(-100) ? weights : undefined;
    const { value, gradients } = withEngine(engine, () => valueAndGradients([logits], () => loss.of(logits, targets, given)));
    expect(Math.abs(value - fixture.loss)).toBeLessThan(bound);
    expect(largestError(gradients[0], fixture.gradient)).toBeLessThan(bound);
  });
});

describe("every loss of numbers", () => {
  it.each([
    { loss: meanSquaredError(), features: 3 },
    { loss: meanAbsoluteError(), features: 3 },
    { loss: huber({ delta: 0.7 }), features: 3 },
    { loss: binaryCrossEntropy(), features: 3 },
    { loss: quantile({ quantiles: [0.2, 0.9] }), features: 6 },
    { loss: gaussianLikelihood(), features: 6 },
  ])("has the right derivative, weighted and not: $loss.name", ({ loss, features }) => {
    const [output, targets] = [filled([4, features], 1), filled([4, 3], 5)];
    expectRightGradients([output], () => scale(loss.of(output, targets), 2));
    expectRightGradients([output], () => loss.of(output, targets, tensor([1, 0, 0.5, 2])));
  });
});

describe("crossEntropy", () => {
  it("is the mean of −log softmax(output)[target], in nats", () => {
    const logits = [
      [1, 2, 3],
      [0, 0, 0],
    ];
    const first = Math.log(Math.exp(1) + Math.exp(2) + Math.exp(3)) - 2;
    expect(
      crossEntropy()
        .of(tensor(logits), tensor([1, 2]))
        .item(),
    ).toBeCloseTo((first + Math.log(3)) / 2, 6);
  });

  it("stays finite and right for logits that exp can't take", () => {
    expect(
      crossEntropy()
        .of(tensor([[1000, -1000]]), tensor([1]))
        .item(),
    ).toBe(2000);
    expect(
      crossEntropy()
        .of(tensor([[1000, -1000]]), tensor([0]))
        .item(),
    ).toBe(0);
  });
});

describe("binaryCrossEntropy", () => {
  it("stays finite and right for logits that exp can't take", () => {
    const loss = (logit: number, target: number) =>
      binaryCrossEntropy()
        .of(tensor([[logit]]), tensor([[target]]))
        .item();
    expect([loss(1000, 1), loss(1000, 0), loss(-1000, 1), loss(-1000, 0)]).toEqual([0, 1000, 1000, 0]);
    expect(loss(0, 0.5)).toBeCloseTo(Math.log(2), 6);
  });
});

describe("meanSquaredError", () => {
  it("is the mean of (output − target)² over all numbers", () => {
    const output = tensor([
      [1, 2],
      [3, 5],
    ]);
    const targets = tensor([
      [1, 0],
      [0, 4],
    ]);
    expect(meanSquaredError().of(output, targets).item()).toBe((0 + 4 + 9 + 1) / 4);
  });
});

describe("what metrics look at", () => {
  const output = tensor([[1, 2, 3, 4, 5, 6]]);

  it("is the quantile nearest to the median, and the mean of a normal distribution", () => {
    expect(quantile().predict?.(output).toArray()).toEqual([[3, 4]]);
    expect(
      quantile({ quantiles: [0.05, 0.1, 0.4] })
        .predict?.(output)
        .toArray(),
    ).toEqual([[5, 6]]);
    expect(gaussianLikelihood().predict?.(output).toArray()).toEqual([[1, 2, 3]]);
  });
});

describe("defineLoss", () => {
  const squares = defineLoss({
    name: "squares",
    targets: "numbers",
    rows: (output, targets) => sum(square(subtract(output, targets)), 1),
  });
  const [output, targets] = [
    tensor([
      [1, 2],
      [3, 4],
    ]),
    tensor([
      [0, 0],
      [0, 0],
    ]),
  ];

  it("gives the mean over rows, weighed where there are weights, and 0 where nothing counts", () => {
    expect(squares.of(output, targets).item()).toBe((5 + 25) / 2);
    expect(squares.of(output, targets, tensor([3, 1])).item()).toBe((3 * 5 + 25) / 4);
    expect(squares.of(output, targets, tensor([0, 0])).item()).toBe(0);
  });

  it("refuses a function that doesn't give one number a row, and unknown options", () => {
    const whole = defineLoss({ name: "whole", targets: "numbers", rows: (x) => sum(x) });
    expect(() => whole.of(output, targets)).toThrow(
      expect.objectContaining({
        code: "UNROLLED_SHAPE",
        message: "whole: `rows` must give [2], one loss a row, received [].",
      }),
    );
    expect(() => defineLoss({ ...squares, rows: () => output, reduction: "sum" } as never)).toThrow("there is no option");
  });
});

describe("options of losses", () => {
  it.each<[make: () => unknown, message: string]>([
    [() => crossEntropy({ labelSmoothing: 1 }), "crossEntropy: `labelSmoothing` must be from 0 to below 1, received 1."],
    [
      () => crossEntropy({ classWeights: [1, -1] }),
      "crossEntropy: `classWeights` must be finite numbers of at least 0, received -1 at position 1.",
    ],
    [() => crossEntropy({ ignoreIndex: 0.5 }), "crossEntropy: `ignoreIndex` must be a whole number, received 0.5."],
    [
      () => crossEntropy({ smoothing: 0.1 } as object),
      "crossEntropy: there is no option `smoothing`; the options are classWeights, labelSmoothing, ignoreIndex.",
    ],
    [() => huber({ delta: 0 }), "huber: `delta` must be a finite number above 0, received 0."],
    [() => quantile({ quantiles: [] }), "quantile: `quantiles` must be numbers between 0 and 1 in ascending order, received []."],
    [
      () => quantile({ quantiles: [0.5, 0.5] }),
      "quantile: `quantiles` must be numbers between 0 and 1 in ascending order, received [0.5, 0.5].",
    ],
    [
      () => quantile({ quantiles: [0.5, 1] }),
      "quantile: `quantiles` must be numbers between 0 and 1 in ascending order, received [0.5, 1].",
    ],
  ])("are refused: %s", (make, message) => {
    expect(make).toThrow(expect.objectContaining({ code: "UNROLLED_VALUE", message }));
  });
});
