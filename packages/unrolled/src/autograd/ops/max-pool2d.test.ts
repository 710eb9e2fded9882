import { describe, expect, it } from "vitest";
import { withEngine } from "../../engine/current.js";
import { threadedEngine } from "../../engine/testing/threaded-engine.js";
import { valueAndGradients } from "../gradients.js";
import { inScope } from "../scope.js";
import { expectRightGradients, expectValues, filled, weightedSum } from "../testing/gradients.js";
import { plansOf, seen, windowCases } from "../testing/images.js";
import { maxPool2d } from "./max-pool2d.js";
import { square } from "./square.js";

describe.each(windowCases)("maxPool2d of images $height × $widths, window $kernel, strides $strides, $padding", (subject) => {
  const plan = plansOf(subject);
  const [kernelHeight, kernelWidth] = subject.kernel;
  const channels = 5;
  const x = filled([plan.images.rows, channels], 1);
  const y = () => inScope((scope) => maxPool2d(scope, scope.use(x), plan));

  it("the largest number of each window, whatever stands outside of each image", () => {
    const expected = seen(x, subject).flatMap((at) =>
      Array.from({ length: channels }, (_, c) => {
        let best = Number.NEGATIVE_INFINITY;
        for (let i = 0; i < kernelHeight; i++) {
          for (let j = 0; j < kernelWidth; j++) best = Math.max(best, at(i, j, c) ?? best);
        }
        return best;
      }),
    );
    expectValues(y, [plan.behind.rows, channels], expected);
  });

  it("has the right derivative, also where windows overlap", () => {
    expectRightGradients([x], () => weightedSum(square(y())));
  });
});

it("maxPool2d gives the same bits on one, two and three threads", async () => {
  const plan = plansOf({
    ...{ height: 20, widths: [30, 30, 11, 25], padding: "same" },
    ...{ kernel: [3, 3], strides: [2, 2] },
  });
  const x = filled([plan.images.rows, 6], 1);
  const bitsOf = async (threads: number) =>
    withEngine(await threadedEngine("baseline", threads), () => {
      const loss = () => inScope((scope) => weightedSum(square(maxPool2d(scope, scope.use(x), plan))));
      const { value, gradients } = valueAndGradients([x], loss);
      return [value, ...gradients.map(({ data }) => Array.from(data))];
    });
  const one = await bitsOf(1);
  expect(await bitsOf(2)).toEqual(one);
  expect(await bitsOf(3)).toEqual(one);
});
