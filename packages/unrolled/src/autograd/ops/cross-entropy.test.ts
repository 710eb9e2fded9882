import { describe, expect, it } from "vitest";
import { readFixtures } from "../../cells/testing/fixtures.js";
import { withEngine } from "../../engine/current.js";
import { referenceEngine } from "../../engine/reference-engine.js";
import { engines } from "../../engine/testing/engines.js";
import { tensor } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { evaluate, valueAndGradients } from "../gradients.js";
import { expectRightGradients, filled } from "../testing/gradients.js";
import { linearCrossEntropy, softmaxCrossEntropy } from "./cross-entropy.js";
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
