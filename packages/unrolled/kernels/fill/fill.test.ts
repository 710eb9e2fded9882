import { describe, expect, it } from "vitest";
import { engines } from "../../src/engine/testing/engines.js";
import { numbers } from "../testing/numbers.js";
import { LENGTHS, runKernel } from "../testing/run-kernel.js";

describe.each(engines)("fill, $name engine", ({ create }) => {
  const engine = create();

  it.each([0, 1.25, Number.NaN])("fill: every element of the range becomes %d", (value) => {
    for (const length of LENGTHS) {
      const { after } = runKernel(engine, { x: numbers(length) }, (kernels, { x }) => kernels.fill(length, value, x));
      expect(after.x).toEqual(Array(length).fill(value));
    }
  });
});
