import { describe, expect, it } from "vitest";
import { readFixtures } from "../../cells/testing/fixtures.js";
import { withEngine } from "../../engine/current.js";
import { referenceEngine } from "../../engine/reference-engine.js";
import { engines } from "../../engine/testing/engines.js";
import { tensor } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { evaluate, valueAndGradients } from "../gradients.js";
import { expectRightGradients, filled } from "../testing/gradients.js";
import { linearCrossEntropy, type SoftmaxCrossEntropyOptions, softmaxCrossEntropy } from "./cross-entropy.js";
import { gather } from "./gather.js";
import { linear } from "./linear.js";
import { scale } from "./scale.js";

/** Targets below `classes`, all of which occur where there are enough rows. */
function targetsFor(shape: readonly number[], classes: number): Tensor {
  return tensor(
    Int32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, row) => (row * 3 + 1) % classes),
    shape,
  );
}

describe("softmaxCrossEntropy", () => {
  it.each([{ shape: [1, 1] }, { shape: [1, 5] }, { shape: [7, 3] }, { shape: [2, 3, 5] }])(
    "logits $shape: the mean of −log softmax at the targets, with the right derivative",
    ({ shape }) => {
      const logits = filled(shape);
      const classes = shape.at(-1) as number;
      const targets = targetsFor(shape.slice(0, -1), classes);
      const losses = Array.from(targets.data, (target, row) => {
        const own = Array.from(logits.data.slice(row * classes, (row + 1) * classes));
        return Math.log(own.reduce((sum, logit) => sum + Math.exp(logit), 0)) - (own[target] as number);
      });
      const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
      expect(softmaxCrossEntropy(logits, targets).item()).toBeCloseTo(mean, 5);
      expectRightGradients([logits], () => softmaxCrossEntropy(logits, targets));
      expectRightGradients([logits], () => scale(softmaxCrossEntropy(logits, targets), -3));
    },
  );
});

describe("linearCrossEntropy", () => {
  it.each([{ shape: [1, 3] }, { shape: [6, 4] }, { shape: [2, 3, 5] }])(
    "x $shape: the right derivative by x, weight and bias, together and alone",
    ({ shape }) => {
      const classes = 7;
      const variables = [filled(shape, 1), filled([classes, shape.at(-1) as number], 2), filled([classes], 3)] as const;
      const targets = targetsFor(shape.slice(0, -1), classes);
      const loss = () => scale(linearCrossEntropy(...variables, targets), 2);
      expectRightGradients(variables, loss);
      for (const variable of variables) expectRightGradients([variable], loss);
    },
  );

  it.each(engines)(
    "$name engine: with more rows than a chunk takes it is the product and the loss one after another",
    (subject) => {
      withEngine(subject.create(), () => {
        for (const rows of [511, 512, 513, 1100]) {
          const [inputs, classes] = [3, 5];
          const variables = [filled([rows, inputs], 1), filled([classes, inputs], 2), filled([classes], 3)] as const;
          const targets = targetsFor([rows], classes);
          const chunked = valueAndGradients(variables, () => linearCrossEntropy(...variables, targets));
          const atOnce = valueAndGradients(variables, () => softmaxCrossEntropy(linear(...variables), targets));
          expect(chunked.value).toBeCloseTo(atOnce.value, 5);
          chunked.gradients.forEach((gradient, index) => {
            gradient.data.forEach((slope, at) => {
              expect(Math.abs(slope - (atOnce.gradients[index]?.data[at] as number))).toBeLessThan(1e-6);
            });
          });
        }
      });
    },
  );
});

describe.each([
  { name: "float64 reference", tolerance: 1e-12, create: () => referenceEngine("float64") },
  ...engines.map((engine) => ({ ...engine, tolerance: 1e-6 })),
])("cross-entropy, $name engine", ({ create, tolerance }) => {
  const { ids, targets, weights, logits, loss, gradients } = readFixtures("cross-entropy");
  const engine = create();
  const exact = ({ data, shape }: { data: readonly number[]; shape: readonly number[] }) =>
    tensor(Float64Array.from(data), shape);
  const variables = (["embedding.weight", "linear.weight", "linear.bias"] as const).map((name) => exact(weights[name])) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const [indices, classes] = [ids, targets].map(({ data, shape }) => tensor(Int32Array.from(data), shape)) as [Tensor, Tensor];
  const largestError = (actual: ArrayLike<number>, expected: readonly number[]) =>
    Math.max(...expected.map((value, at) => Math.abs((actual[at] as number) - value)));

  it.each([
    {
      name: "gather, linear, softmaxCrossEntropy",
      network: () => softmaxCrossEntropy(linear(gather(variables[0], indices), variables[1], variables[2]), classes),
    },
    {
      name: "gather, linearCrossEntropy",
      network: () => linearCrossEntropy(gather(variables[0], indices), variables[1], variables[2], classes),
    },
  ])("$name: loss and gradients are PyTorch's", ({ network }) => {
    const result = withEngine(engine, () => valueAndGradients(variables, network));
    expect(Math.abs(result.value - loss)).toBeLessThan(tolerance);
    (["embedding.weight", "linear.weight", "linear.bias"] as const).forEach((name, index) => {
      expect(largestError(result.gradients[index]?.data ?? [], gradients[name].data), name).toBeLessThan(tolerance);
    });
  });

  it("logits and their gradients are PyTorch's", () => {
    const computed = withEngine(engine, () => evaluate(() => linear(gather(variables[0], indices), variables[1], variables[2])));
    expect(computed.shape).toEqual(logits.shape);
    expect(largestError(computed.data, logits.data)).toBeLessThan(tolerance);
    const given = exact(logits);
    const result = withEngine(engine, () => valueAndGradients([given], () => softmaxCrossEntropy(given, classes)));
    expect(largestError(result.gradients[0]?.data ?? [], gradients.logits.data)).toBeLessThan(tolerance);
  });
});

describe("class weights, label smoothing and weights of rows", () => {
  const rows = [2, 3];
  const inputs = filled([...rows, 4], 1);
  const [weight, bias] = [filled([5, 4], 2), filled([5], 3)];
  const logits = filled([...rows, 5], 4);
  const targets = targetsFor(rows, 5);
  const weights = tensor([
    [1, 0, 0.5],
    [2, 0.25, 0],
  ]);
  const classWeights = tensor([1, 0.5, 2, 0, 1.5]);
  const all: SoftmaxCrossEntropyOptions[] = [
    { weights },
    { classWeights },
    { labelSmoothing: 0.3 },
    { classWeights, labelSmoothing: 0.3 },
    { weights, classWeights, labelSmoothing: 0.1 },
  ];

  it.each(all)("have the right derivative, by logits and by the dense layer before: %j", (options) => {
    expectRightGradients([logits], () => scale(softmaxCrossEntropy(logits, targets, options), 3));
    const fused = () => scale(linearCrossEntropy(inputs, weight, bias, targets, options), 3);
    expectRightGradients([inputs, weight, bias], fused);
    const apart = softmaxCrossEntropy(linear(inputs, weight, bias), targets, options).item();
    expect(fused().item()).toBeCloseTo(3 * apart, 5);
  });

  it("give Σ w·loss / Σ w: a row of weight 2 counts as two, and one of weight 0 not at all, whatever its target", () => {
    const rowsOf = (...indices: number[]) => gather(tensor(logits.data, [6, 5]), tensor(Int32Array.from(indices)));
    const at = (...indices: number[]) => tensor(Int32Array.from(indices, (index) => targets.data[index] as number));
    const twice = softmaxCrossEntropy(rowsOf(0, 1, 1), at(0, 1, 1)).item();
    const weighted = softmaxCrossEntropy(rowsOf(0, 1, 2), tensor([...at(0, 1).data, -100]), { weights: tensor([1, 2, 0]) });
    expect(weighted.item()).toBeCloseTo(twice, 6);
  });

  it("give 0 without a gradient where nothing counts", () => {
    const none = { weights: tensor([0, 0]) };
    const { value, gradients } = valueAndGradients([logits], () => {
      return softmaxCrossEntropy(gather(tensor(logits.data, [6, 5]), tensor(Int32Array.of(0, 1))), tensor([0, 9]), none);
    });
    expect(value).toBe(0);
    expect(gradients[0]?.data.every((slope) => slope === 0)).toBe(true);
  });

  it.each<[options: object, code: string, message: string]>([
    [{ weights: tensor([1]) }, "UNROLLED_SHAPE", "`weights` must be [2, 3], one a row, received [1]."],
    [{ classWeights: [1, 2] }, "UNROLLED_SHAPE", "`classWeights` must be [5], one a class, received [2]."],
    [{ labelSmoothing: 1 }, "UNROLLED_VALUE", "`labelSmoothing` must be from 0 to below 1, received 1."],
    [
      { smoothing: 1 },
      "UNROLLED_VALUE",
      "there is no option `smoothing`; the options are weights, classWeights, labelSmoothing.",
    ],
  ])("are refused where they don't fit: %j", (options, code, message) => {
    expect(() => softmaxCrossEntropy(logits, targets, options)).toThrow(
      expect.objectContaining({ code, message: `softmaxCrossEntropy: ${message}` }),
    );
  });
});

describe.each([
  { name: "softmaxCrossEntropy", loss: (targets: Tensor) => softmaxCrossEntropy(filled([4, 3]), targets) },
  {
    name: "linearCrossEntropy",
    loss: (targets: Tensor) => linearCrossEntropy(filled([4, 2]), filled([3, 2]), filled([3]), targets),
  },
])("$name", ({ name, loss }) => {
  it("refuses targets of another shape than the rows", () => {
    for (const shape of [[3], [4, 1], [2, 2], []]) {
      const message = `${name}: \`targets\` must be [4], one class a row, received [${shape.join(", ")}].`;
      expect(() => loss(targetsFor(shape, 3))).toThrow(expect.objectContaining({ code: "UNROLLED_SHAPE", message }));
    }
  });

  it.each([
    { targets: [0, 1, 3, 0], code: "UNROLLED_INDEX", received: "3 at position 2" },
    { targets: [-1, 1, 2, 0], code: "UNROLLED_INDEX", received: "-1 at position 0" },
    { targets: [0, 1, 2, 0.5], code: "UNROLLED_DTYPE", received: "0.5 at position 3" },
    { targets: [0, Number.NaN, 2, 0], code: "UNROLLED_DTYPE", received: "NaN at position 1" },
  ])("refuses the targets $targets", ({ targets, code, received }) => {
    const message = `${name}: targets: indices must be whole numbers from 0 to 2, received ${received}.`;
    expect(() => loss(tensor(targets))).toThrow(expect.objectContaining({ code, message }));
  });

  it.each(engines)(
    "$name engine: targets that were computed in the scope are checked and understood like any others",
    (subject) => {
      withEngine(subject.create(), () => {
        const expected = loss(tensor([2, 0, 1, 2])).item();
        expect(evaluate(() => loss(scale(tensor([1, 0, 0.5, 1]), 2))).item()).toBe(expected);
        const outside = () => evaluate(() => loss(scale(tensor([1, 0, 0.5, 1]), 1e6)));
        expect(outside).toThrow(expect.objectContaining({ code: "UNROLLED_INDEX" }));
      });
    },
  );
});
