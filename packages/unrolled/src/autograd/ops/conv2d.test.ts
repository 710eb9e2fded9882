import { describe, expect, it } from "vitest";
import { withEngine } from "../../engine/current.js";
import { referenceEngine } from "../../engine/reference-engine.js";
import { threadedEngine } from "../../engine/testing/threaded-engine.js";
import { valueAndGradients } from "../gradients.js";
import { inScope } from "../scope.js";
import { expectRightGradients, expectValues, filled, weightedSum } from "../testing/gradients.js";
import { plansOf, seen, windowCases } from "../testing/images.js";
import { add } from "./add.js";
import { conv2d } from "./conv2d.js";
import { multiply } from "./multiply.js";
import { slice } from "./slice.js";
import { square } from "./square.js";
import { sum } from "./sum.js";

describe.each(windowCases)("conv2d of images $height × $widths, window $kernel, strides $strides, $padding", (subject) => {
  const plan = plansOf(subject);
  const [kernelHeight, kernelWidth] = subject.kernel;
  const [channels, filters] = [3, 5];
  const x = filled([plan.images.rows, channels], 1);
  const weight = filled([filters, channels, kernelHeight, kernelWidth], 2);
  const bias = filled([filters], 3);
  const y = () => inScope((scope) => conv2d(scope, scope.use(x), scope.use(weight), scope.use(bias), plan));

  it("b + Σ over the window of W·x, 0 outside of each image", () => {
    const expected = seen(x, subject).flatMap((at) =>
      Array.from({ length: filters }, (_, f) => {
        let sum = bias.data[f] as number;
        for (let c = 0; c < channels; c++) {
          for (let i = 0; i < kernelHeight; i++) {
            for (let j = 0; j < kernelWidth; j++) {
              const w = weight.data[((f * channels + c) * kernelHeight + i) * kernelWidth + j] as number;
              sum += w * (at(i, j, c) ?? 0);
            }
          }
        }
        return sum;
      }),
    );
    expectValues(y, [plan.behind.rows, filters], expected, 1e-5);
  });

  it("has the right derivatives by images, weight and bias, together and each alone", () => {
    const loss = () => weightedSum(square(y()));
    for (const variables of [[x, weight, bias], [x], [weight], [bias]]) {
      expectRightGradients(variables, loss, { differences: 1e-6, float32: 3e-5 });
    }
  });
});

describe("conv2d", () => {
  const subject = { height: 20, widths: [30, 30, 11, 25], kernel: [3, 3], strides: [1, 1], padding: "same" } as const;
  const plan = plansOf(subject);
  const variables = [filled([plan.images.rows, 7], 1), filled([9, 7, 3, 3], 2), filled([9], 3)] as const;
  const loss = () =>
    inScope((scope) => {
      const [x, weight, bias] = [scope.use(variables[0]), scope.use(variables[1]), scope.use(variables[2])];
      return weightedSum(square(conv2d(scope, x, weight, bias, plan)));
    });

  it("is right where the patches are more than one block", () => {
    const sizes = plan.behind.rows * 7 * 9;
    expect(sizes).toBeGreaterThan(2 ** 16);
    const [x, weight] = variables;
    const exact = referenceEngine("float64");
    const { gradients } = withEngine(exact, () => valueAndGradients([x, weight], loss));
    // each image on its own, which is one block
    const alone = subject.widths.map((width, image) => {
      const own = plansOf({ ...subject, widths: [width] });
      expect(own.behind.rows * 7 * 9).toBeLessThan(2 ** 16);
      return { own, from: plan.images.offsets[image] as number };
    });
    const expected = withEngine(exact, () =>
      valueAndGradients([x, weight], () =>
        inScope((scope) => {
          const slopes = filled([plan.behind.rows, 9], 9);
          const losses = alone.map(({ own, from }) => {
            const rows = slice(scope.use(x), 0, from, from + own.images.rows);
            const y = conv2d(scope, rows, scope.use(weight), scope.use(variables[2]), own);
            return sum(multiply(square(y), slice(slopes, 0, from, from + own.images.rows)));
          });
          return losses.reduce((total, own) => add(total, own));
        }),
      ),
    );
    for (const [index, gradient] of gradients.entries()) {
      const other = expected.gradients[index]?.data ?? [];
      const difference = Math.max(...gradient.data.map((value, at) => Math.abs(value - (other[at] as number))));
      expect(difference).toBeLessThan(1e-9);
    }
  });

  it("gives the same bits on one, two and three threads", async () => {
    const bitsOf = async (threads: number) =>
      withEngine(await threadedEngine("baseline", threads), () => {
        const { value, gradients } = valueAndGradients([...variables], loss);
        return [value, ...gradients.map(({ data }) => Array.from(data))];
      });
    const one = await bitsOf(1);
    expect(await bitsOf(2)).toEqual(one);
    expect(await bitsOf(3)).toEqual(one);
  });
});
